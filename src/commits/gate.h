// The gate: how large a change is for the person who must read it, and what is too large.
//
// Attention falls with size: some 200 changed lines are read well, past 400 hardly any (SmartBear
// at Cisco, 2,500 reviews); the share of useful comments falls with the number of files (Bosu,
// Greiler, Bird, MSR 2015); nine of ten changes at Google touch fewer than ten files (Sadowski et
// al., ICSE-SEIP 2018). What is counted is code that a person wrote: tests, documents, lock files
// and generated files stand apart, and a line that only moved is not new. Pure functions,
// thread-safe.
#pragma once

#include "core/config.h"
#include "core/result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::commits {

// [commits] in stanch.toml; 0 switches a limit off.
struct Limits {
    std::size_t lines = 200;     // max_lines: added and removed lines of code, moved ones left out
    std::size_t files = 10;      // max_files: files of code
    std::size_t directories = 0; // max_directories: of these
    std::size_t concerns = 0;    // max_concerns: parts that `stanch split` would make
    bool warn = false;           // say it, but let it pass
    std::vector<std::string>
        exclude; // globs of paths (fnmatch(3), '*' crosses '/'), not counted at all
};
// Reads [commits] of stanch.toml's root or of [tool.stanch]. Errors name the key.
Result<Limits> read_limits(ConfigTable& root);

// Both sides of a changed file; a side that is not there is empty.
struct FilePair {
    std::string_view path;
    std::string_view old_text;
    std::string_view new_text;
    bool binary = false;
};

struct Measure {
    std::size_t files = 0; // of code
    std::size_t directories = 0;
    std::size_t lines = 0; // of code
    std::size_t moved = 0; // lines of code that stand elsewhere now
    std::size_t test_lines = 0;
    std::size_t other_lines = 0; // documents, settings, data
    std::size_t all_files = 0;
    std::vector<std::string>
        generated; // paths left out: lock files, generated files, [commits] exclude
    std::vector<std::string> binary;     // paths
    std::optional<std::size_t> concerns; // where somebody asked the model
};
// O(bytes): lines are compared as a multiset, so that order is nothing and a moved line is found
// anywhere.
Measure measure(std::span<const FilePair> files, const Limits& limits);

struct Excess {
    std::string limit; // "max_lines"
    std::string what;  // "312 changed lines of code"
    std::size_t value = 0;
    std::size_t allowed = 0;
};
std::vector<Excess> judge(const Measure& measure, const Limits& limits);

// The whole gate in one call, for a hook that has both sides of what is staged at hand: no process,
// no model. 3 ms are more than it needs for any change that a person could have written.
struct Verdict {
    Measure measure;
    std::vector<Excess> excess;        // empty: small enough
    std::optional<std::string> reason; // that lets it pass all the same
    bool warn = false;                 // [commits] warn: nothing is refused

    [[nodiscard]] bool refused() const { return !excess.empty() && !reason && !warn; }
};
// `message`: the commit's, or empty where it isn't written yet.
Verdict check_change(std::span<const FilePair> files, const Limits& limits,
                     std::string_view message);

// What to tell the person, a line each; nothing where nothing is too large. `name` is the change's
// ("the staged change"), `command` the one that mends it ("stanch split --staged").
std::vector<std::string> explain(const Verdict& verdict, const std::string& name,
                                 const std::string& command);

// The reason of a trailer "Stanch-Large: reason" in a commit's message; none where it is empty.
std::optional<std::string> override_reason(std::string_view message);

} // namespace stanch::commits
