// Which bytes are base64's, and which may begin an escape: two bits a byte, by SIMD.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stanch::scan {

struct Classes {
    std::uint32_t base64 = 0; // bit i: byte i is of an alphabet of RFC 4648
    std::uint32_t escape = 0; // bit i: byte i is one of % \ &
};

// 32 bytes make one element of `out`; `blocks` of them are read from `bytes`.
void classify(const char* bytes, std::size_t blocks, Classes* out);

} // namespace stanch::scan
