// Which bytes are base64's, and which may begin an escape: two bits a byte, by SIMD.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stanch::scan {

struct Classes {
    std::uint64_t base64 = 0; // bit i: byte i is of an alphabet of RFC 4648
    std::uint64_t escape = 0; // bit i: byte i is one of % \ &
};

inline constexpr std::size_t classify_block = 64; // bytes that make one element of `out`

// Reads `blocks` times classify_block bytes.
void classify(const char* bytes, std::size_t blocks, Classes* out);

// For tests: as a processor with less would.
enum class ClassifyWith : std::uint8_t { avx512, avx2, ssse3 };
void classify(const char* bytes, std::size_t blocks, Classes* out, ClassifyWith with);
ClassifyWith best_classify_here();

} // namespace stanch::scan
