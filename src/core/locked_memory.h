// The arena under Secret: small blocks cut from locked, undumpable pages.
//
// One page a secret would exhaust RLIMIT_MEMLOCK after a few hundred findings, and a mapping a
// secret costs 10 us, so blocks of 32 to 16,384 bytes share slabs; a larger one has a mapping of
// its own. Blocks are wiped before they are reused. Thread-safe.
#pragma once

#include <cstddef>

namespace stanch {

// Never null: throws std::bad_alloc where the system has no memory. `size` may not be 0.
char* locked_allocate(std::size_t size);

// Wipes and gives back. `size` is the one that was asked for.
void locked_free(char* block, std::size_t size) noexcept;

} // namespace stanch
