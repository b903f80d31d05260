// The parser's memory: blocks of a few sizes that are used again and again, without a lock.
//
// tree-sitter allocates and frees a block for nearly every token; a tenth of the parsing time went
// into the system's allocator. A thread's blocks stay with it until it ends. Blocks above 1 KiB
// come from the system.
#pragma once

#include <cstddef>

namespace stanch::syntax {

// Makes tree-sitter use the pool; once for the process, before the first parser.
void use_pool();

} // namespace stanch::syntax
