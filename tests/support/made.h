// Secrets for tests, assembled at run time: a fixture never holds a literal that looks like a live
// one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stanch::made {

inline constexpr std::string_view digits = "0123456789";
inline constexpr std::string_view hex = "0123456789abcdef";
inline constexpr std::string_view alnum =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// `size` characters of `alphabet`, the same for the same seed on every machine.
std::string random(std::string_view alphabet, std::size_t size, std::uint64_t seed = 1);

// prefix + random: joined("sk_", "live_") + … keeps the whole out of the source.
std::string token(std::string_view prefix, std::size_t size, std::uint64_t seed = 1);

} // namespace stanch::made
