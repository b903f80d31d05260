// What `stanch scan` is asked to do, from its flags and from [scan] of the configuration (flags
// win).
#pragma once

#include "cli/config_file.h"
#include "cli/verb.h"
#include "core/result.h"
#include "scan/engine.h"
#include "scan/source.h"
#include "scan/tree.h"

#include <string>
#include <vector>

namespace stanch::cli {

// A report beside the first one.
struct FurtherReport {
    std::string format;
    std::string output; // a file, written in one step; empty: standard output
};

struct ScanSettings {
    std::string format = "human";
    std::string output; // empty: stdout
    std::vector<FurtherReport> further;
    bool reveal = false;
    bool verbose = false;
    Confidence least = Confidence::low; // findings that are less sure are left out
    std::uint64_t rows = 0;             // of a screen that "brief" may fill; 0: any number
    std::string git_dir;                // where `stanch allow` finds what was found; empty: nowhere
    std::string baseline;               // empty: none
    std::string write_baseline;         // empty: no
    bool ignore_files = true;           // .stanchignore, .gitleaksignore
    std::string rules;                  // a rule file; empty: the built-in rules
    std::string project;                // absolute folder that paths in lists and rules start from
    scan::TreeOptions tree;
    scan::ScanOptions scan;
};

// `from` is the first path that is scanned: the configuration is searched upward from it. Errors
// name the flag or the key.
Result<ScanSettings> scan_settings(const Arguments& arguments, const std::string& from);

// The built-in rules, or those of the settings' rule file.
Result<scan::Engine> scan_engine(const ScanSettings& settings);

} // namespace stanch::cli
