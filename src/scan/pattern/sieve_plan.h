// How literals are sorted into the buckets of the sieve (sieve_masks.h), at build time.
//
// Of each literal, the four bytes in a row that are rarest in text are looked for. Literals that
// share bytes at the same places go into one bucket, since a bucket is as frequent as, at each
// place, all of its literals' bytes together.
#pragma once

#include "scan/pattern/text_set.h"

#include <cstdint>
#include <vector>

namespace stanch::scan {

struct SievePlace {
    std::uint8_t bucket = 0;
    std::uint8_t offset = 0; // where the window begins in the literal
};

// `texts`: of three bytes or more, the fourth of which is then any. The places are in their order.
std::vector<SievePlace> plan_sieve(const std::vector<Text>& texts);

} // namespace stanch::scan
