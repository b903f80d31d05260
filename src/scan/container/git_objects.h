// Git's bundles, packs and loose objects as files: each object's content, the names in its trees.
//
// Read in memory, up to a size; what they unpack to counts against the limits of archives.
#pragma once

#include "scan/look.h"

namespace stanch::scan {

// False where it only looked like one: nothing was looked at then. `content` is the whole file, or
// its beginning where `rest` is given.
bool look_at_git_objects(Worker::State& worker, const Place& place, std::string_view content,
                         ByteStream* rest, Outcome& outcome);

} // namespace stanch::scan
