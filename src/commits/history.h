// What the commits before a change say: which files changed together, in whose words, and which
// lines.
//
// Read from Git in two calls: the names of the files of the last commits, and the diffs of the few
// of them that touched the change's own files.
#pragma once

#include "commits/change.h"
#include "commits/git.h"

#include "core/result.h"

#include <string>
#include <vector>

namespace stanch::commits {

struct PastCommit {
    std::string id;
    std::string subject;
    std::vector<std::string> files;
};

struct History {
    std::vector<PastCommit> commits; // newest first, merges left out
    // "ID\n" and a `diff -U0` of the change's files, for those of `commits` that touched any.
    std::string edits;
};

// How far back is looked.
constexpr std::size_t history_commits = 1000;
// A commit that touches more files than this is a sweep, and says nothing.
constexpr std::size_t sweep_files = 30;

// The commits that `revision` reaches. Bounded: diffs are read of 120 commits and 40 files at most,
// and of none in a partial clone, which would have to fetch them.
Result<History> read_history(const Git& git, const std::string& revision, const Change& change);

// The edits that a History's text holds. Text that is no diff is passed over.
struct PastHunk {
    std::uint32_t old_start = 0;
    std::uint32_t old_lines = 0;
    std::uint32_t new_start = 0;
    std::uint32_t new_lines = 0;
};
struct PastEdit {
    std::string_view commit; // id
    std::string_view path;
    std::vector<PastHunk> hunks;
    std::vector<std::string_view> lines; // removed and added ones
};
std::vector<PastEdit> parse_edits(std::string_view text);

} // namespace stanch::commits
