// From what a walk found to findings with provenance: the second half of a history scan.
#pragma once

#include "git/origins.h"
#include "scan/history_visitor.h"

#include <string>
#include <vector>

namespace stanch::scan {

// Where a tag's own text stands, as findings have it.
inline constexpr std::string_view tag_path = "tag message";

struct HistoryContext {
    const Engine& engine;
    const git::Repository& repository;
    const git::ObjectStore& store;
    const git::ObjectTable& table;
    const git::Refs& refs;
    const ScanOptions& options;
};

// What was found, as marks to find origins for.
git::Marks history_marks(const HistoryFinds& finds);

// Sends the findings to the sink, in the order of their commits, then those that no commit has.
// `origins` are those of history_marks(finds).
Result<void> report_history(const HistoryContext& context, const HistoryFinds& finds,
                            const git::Origins& origins, Sink& sink);

// Seconds since 1970 as "2026-11-24T22:36:01Z".
std::string iso_date(std::int64_t seconds);

// Who made a commit and when, as far as its object tells.
Provenance provenance_of(const git::ObjectId& id, std::string_view commit);
// The same for a tag; the refs that name it come with it.
Provenance provenance_of_tag(const git::ObjectId& id, std::string_view tag, const git::Refs& refs);

} // namespace stanch::scan
