// A pack read from its head on, without an index: one that stands in another repository as a file,
// that lost its index, or that an interrupted fetch left half written.
//
// One pass finds where the entries begin, and uses whole objects at once; their deltas follow,
// bases first. What is damaged or cut off does not hide the rest.
#pragma once

#include "core/result.h"
#include "git/object.h"

#include <cstdint>
#include <functional>
#include <string_view>

namespace stanch::git {

struct StreamedObject {
    const ObjectId& id;
    std::uint64_t offset = 0; // where its entry begins
    ObjectType type = ObjectType::none;
    const Object* object = nullptr; // nullptr: larger than large_limit, so only its id is known
};

struct PackStream {
    std::string_view bytes; // the whole file, or as much of it as there is
    ObjectFormat format = ObjectFormat::sha1;
    std::uint64_t limit = 0;       // bytes of an object that may be held in memory
    std::uint64_t large_limit = 0; // above it, whole objects are hashed piece by piece
    bool unfinished = false;       // the head's count need not be right yet, the trailer be there
    // False ends the reading.
    std::function<bool(const StreamedObject&)> use;
    // Bases of deltas that the pack itself does not have. May be empty.
    std::function<Result<Object>(const ObjectId&)> elsewhere;
};

struct PackStreamEnd {
    std::uint64_t end = 0;       // of the last entry that could be read
    std::uint32_t objects = 0;   // that were used
    std::uint32_t announced = 0; // by the pack's head
    Result<void> sound;          // incomplete: the first thing that could not be read
};

PackStreamEnd read_pack_stream(const PackStream& stream);

} // namespace stanch::git
