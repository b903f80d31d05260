// SQLite databases: the text and blob columns of every table, and the schema.
//
// A finding's path names table and column, its line is the row (counted from 1):
// "app.db!users.token", line 7. The file is read as it stands (immutable, read-only): no journal is
// played back, no lock is taken, nothing in the schema is run (views, triggers and virtual tables
// are left alone).
#pragma once

#include "scan/look.h"

namespace stanch::scan {

// `content` is the whole database, or `descriptor` the open file. False where it is broken (which
// is noted): match it raw then.
bool look_at_database(Worker::State& worker, const Place& place, std::string_view content,
                      int descriptor, Outcome& outcome);

} // namespace stanch::scan
