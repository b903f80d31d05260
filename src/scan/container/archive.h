// Archives: zip (wheels, jars, office files), tar (Docker and OCI images), 7z, ar, cpio, and
// whatever gzip, bzip2, xz, zstd or lz4 packed, one inside the other. Read by libarchive, which is
// loaded when the first archive is met.
//
// What one outermost archive unpacks to is limited in bytes, members and depth (scan/source.h);
// past the limit the rest is left and the scan is incomplete. Nothing is written to the disk.
#pragma once

#include "scan/look.h"

namespace stanch::scan {

// `content` is the whole archive, or its beginning where `rest` is given.
void look_at_archive(Worker::State& worker, const Place& place, std::string_view content,
                     ByteStream* rest, Outcome& outcome);

} // namespace stanch::scan
