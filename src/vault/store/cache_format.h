// The numbers of the cache's format. Private to the room.
#pragma once

#include <cstddef>
#include <string_view>

namespace stanch::vault {

inline constexpr std::string_view cache_magic = "stanchv1";
inline constexpr std::size_t cache_digest_size = 32;
inline constexpr std::size_t body_digest_size = 16;
inline constexpr std::size_t cache_sections = 5;
// magic, user, revision, time; a place, a size and a digest a section; the MAC
inline constexpr std::size_t cache_header_size = 8 + 32 + 16 + cache_sections * (16 + 32) + 32;
inline constexpr std::size_t cache_slot_size = 4 * 8 + 2 * 4 + body_digest_size;

} // namespace stanch::vault
