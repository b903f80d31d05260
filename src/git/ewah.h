// EWAH bitmaps as Git writes them (gitformat-bitmap(5), "Appendix A").
#pragma once

#include "git/bytes.h"

#include <vector>

namespace stanch::git {

// Reads one bitmap and sets the bits of `bits` that it has. Bits past bits.size() must be clear.
// False where the bytes are no such bitmap.
bool read_ewah(ByteReader& in, std::vector<bool>& bits);

} // namespace stanch::git
