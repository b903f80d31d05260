// Exactly what a range of commits adds: for each commit, what its tree, its message and its people
// have that none of its parents has. A merge adds only what neither side had. Asked for
// (HistoryOptions::tags), the annotated tags of these commits, too.
#pragma once

#include "core/result.h"
#include "git/commit_walk.h"
#include "git/repository.h"
#include "scan/history.h"
#include "scan/source.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace stanch::scan {

// "A..B", "A...B" (what B has since it left A), "A.." and "..B" with HEAD for the side that is
// left out. An A of zeros only, as hooks get it for a new branch, excludes nothing.
Result<git::CommitRange> parse_range(std::string_view text, const git::Repository& repository);

// "2026-11-24", "2026-11-24T12:00:00Z", "@1700000000", "2 weeks ago", "36h": seconds since 1970.
Result<std::int64_t> parse_since(std::string_view text, std::int64_t now);

// All that refs, HEADs and reflogs reach and that was committed since then.
Result<git::CommitRange> range_since(std::int64_t seconds, const git::Repository& repository);

// Findings in the order of the commits, parents first.
Result<void> scan_range(const Engine& engine, const git::Repository& repository,
                        const git::CommitRange& range, Sink& sink, const HistoryOptions& options);

} // namespace stanch::scan
