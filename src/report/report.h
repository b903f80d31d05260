// Writers of findings. They know no strategy: a Finding and a Summary go in, text comes out.
//
//     auto writer = report::make_writer("sarif", options);
//     writer->begin(out);
//     writer->add(findings_of_one_path, out);   // …once for each path
//     writer->end(summary, out);
//
// Text is appended to `out`, which the caller writes and clears whenever it likes: no writer holds
// more than it must (junit, whose first line counts the rest, holds its text). No secret is in it
// unless Options::reveal is set: lines, matches and values are redacted, those of the neighbours on
// the same line included. docs/formats.md has the formats.
//
// Not thread-safe.
#pragma once

#include "core/finding.h"
#include "core/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::report {

struct Options {
    bool reveal = false;
    bool colour = false;
    std::string version;    // of stanch
    std::uint64_t rows = 0; // of a screen that "brief" may fill, the rest is counted; 0: any number
    std::chrono::system_clock::time_point started = std::chrono::system_clock::now();
};

// Something that could not be looked at.
struct Missed {
    std::string path;
    std::string why;
    std::string hint;
};

struct Summary {
    std::uint64_t findings = 0;
    std::uint64_t high = 0;
    std::uint64_t medium = 0;
    std::uint64_t low = 0;
    std::uint64_t paths = 0;    // that have findings
    std::uint64_t contents = 0; // files, blobs, members of archives
    std::uint64_t bytes = 0;
    double seconds = 0;
    std::uint64_t skipped = 0;  // by design
    std::uint64_t missed = 0;   // could not be looked at
    std::vector<Missed> misses; // the first of them
    std::uint64_t allowed = 0;  // findings that a comment allows
    std::uint64_t ignored = 0;  // that an ignore file names
    std::uint64_t baseline = 0; // that the baseline names
};

class Writer {
  public:
    virtual ~Writer() = default;
    virtual void begin(std::string& out) { static_cast<void>(out); }
    // Findings of one path, in the order of their places.
    virtual void add(std::span<const Finding> findings, std::string& out) = 0;
    virtual void end(const Summary& summary, std::string& out) = 0;
};

// "human", "jsonl", "json", "sarif", "csv", "junit", "gitlab", "gitleaks", "github", "azure" and
// "bitbucket" (annotations), "markdown" (a summary), "brief" (for hooks).
std::span<const std::string_view> format_names();

// Error: no such format (the nearest one is named).
Result<std::unique_ptr<Writer>> make_writer(std::string_view format, const Options& options);

// "13.6 MB", "5,053", "1 file", "2 files".
std::string bytes_text(std::uint64_t bytes);
std::string number_text(std::uint64_t number);
std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural = {});

// Text for a terminal: control characters (of a hostile path, say) become visible.
std::string printable(std::string_view text);

// The secret as reports show it.
std::string shown_secret(const Finding& finding, bool reveal);

} // namespace stanch::report
