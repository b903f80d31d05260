#include "support/made.h"

#include <random>

namespace stanch::made {

std::string random(std::string_view alphabet, std::size_t size, std::uint64_t seed) {
    std::mt19937_64 source(seed);
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
        text += alphabet[source() % alphabet.size()];
    return text;
}

std::string token(std::string_view prefix, std::size_t size, std::uint64_t seed) {
    return std::string(prefix) + random(alnum, size, seed);
}

} // namespace stanch::made
