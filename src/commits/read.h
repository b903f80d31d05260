// Reads a change from a repository: what differs between two trees, with the lines of both sides.
#pragma once

#include "commits/change.h"
#include "commits/git.h"

namespace stanch::commits {

// `base` and `target` name trees (or commits). `environment` goes to every Git process: a temporary
// index or object directory. Contents past `largest` bytes are not looked at: such a file is binary
// to us.
Result<Change> read_change(const Git& git, const std::string& base, const std::string& target,
                           const std::map<std::string, std::string>& environment = {},
                           std::size_t largest = std::size_t{8} << 20);

// The hunks of a `git diff -U0` and nothing else, file section by file section in Git's own order.
// One entry a "diff --git" line; `binary` where Git found no text. For fuzzing, and for whoever has
// a diff already.
struct DiffSection {
    std::vector<Hunk> hunks;
    bool binary = false;
    bool created = false;
    bool deleted = false;
};
Result<std::vector<DiffSection>> parse_diff(std::string_view diff);

} // namespace stanch::commits
