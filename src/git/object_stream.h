// Streams over zlib, for objects of any size.
#pragma once

#include "core/result.h"
#include "git/object.h"
#include "git/object_walk.h"

#include <cstdint>
#include <memory>
#include <string>

namespace stanch::git {

// A packed entry's stream: `size` inflated bytes from the zlib stream in [begin, end) of a file.
std::unique_ptr<ObjectStream> stream_packed(const os::RandomFile& file, std::uint64_t begin,
                                            std::uint64_t end, std::uint64_t size);

struct LooseStream {
    ObjectType type = ObjectType::none;
    std::uint64_t size = 0;
    std::unique_ptr<ObjectStream> stream; // of the content, without its header
};
// The file must outlive the stream.
Result<LooseStream> stream_loose(const os::RandomFile& file);

// Any object that is not stored as a delta, by its id: for those that are too large to be read.
struct OpenObject {
    os::RandomFile file;
    ObjectType type = ObjectType::none;
    std::uint64_t size = 0;
    std::unique_ptr<ObjectStream> stream;
};
Result<std::unique_ptr<OpenObject>> open_object(const ObjectStore& store, const ObjectId& id);

} // namespace stanch::git
