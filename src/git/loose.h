// Loose objects: one zlib stream of "type size NUL content" a file.
#pragma once

#include "core/result.h"
#include "git/inflate.h"
#include "git/object.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace stanch::git {

struct LooseHeader {
    ObjectType type = ObjectType::none;
    std::uint64_t size = 0;
    std::size_t length = 0; // of the header, its NUL included
};
// From the first inflated bytes. nullopt: no such header.
std::optional<LooseHeader> parse_loose_header(std::string_view inflated);
inline constexpr std::size_t loose_header_limit = 32;

// The object in a loose file's bytes; its size must be as announced. An object of more than `limit`
// bytes is an error of kind incomplete.
Result<Object> parse_loose(std::string_view file, Inflater& inflater, std::uint64_t limit);

} // namespace stanch::git
