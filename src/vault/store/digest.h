// BLAKE2b (RFC 7693, libsodium) for the cache file. Private to the room.
#pragma once

#include "vault/crypto/keys.h"

#include <cstdint>

namespace stanch::vault {

std::string blake2b(std::string_view bytes, std::size_t size, std::string_view key = {});

// The keys that a cache is written with.
Secret cache_mac_key(const Key& user_key);
Secret cache_name_key(const Key& user_key);
// 64 bits of a keyed hash: finds a name without telling it.
std::uint64_t cache_hash(std::string_view text, const Secret& name_key);

} // namespace stanch::vault
