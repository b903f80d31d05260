// Git's own containers where they stand as plain files: bundles, packs without an index, loose
// objects. Fixtures and backups are kept so, inside of other repositories too.
#pragma once

#include "core/result.h"
#include "git/object.h"

#include <cstdint>
#include <functional>
#include <string_view>

namespace stanch::git {

enum class Embedded { none, loose, pack, bundle };

// By the first bytes. Loose objects have but two: read_embedded() may say that it is none.
Embedded embedded_kind(std::string_view head);

// Each object once, bases before their deltas; false from `use` ends the reading. invalid: it is
// none of these after all. incomplete: it is damaged, its objects are larger than `limit` bytes, or
// their bases are elsewhere (a thin bundle's): what could be read has been used.
using UseObject = std::function<bool(const ObjectId& id, const Object& object)>;
Result<void> read_embedded(std::string_view bytes, std::uint64_t limit, const UseObject& use);

} // namespace stanch::git
