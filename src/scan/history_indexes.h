// What refs and indexes add to a history. Private to the room.
#pragma once

#include "scan/history_report.h"
#include "scan/worker.h"

#include <set>
#include <string>

namespace stanch::scan {

// Refs and the worktrees' indexes name objects too: of those that are not there, the raw ids go to
// `missing`. An index that can't be read is told. Paths that only an index has are texts as well.
void look_at_indexes(const HistoryContext& context, Worker& worker, std::set<std::string>& missing,
                     Outcome& outcome);

} // namespace stanch::scan
