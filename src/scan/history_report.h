// From what a walk found to findings with provenance: the second half of a history scan.
#pragma once

#include "git/origins.h"
#include "scan/history_visitor.h"

#include <string>
#include <vector>

namespace stanch::scan {

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

} // namespace stanch::scan
