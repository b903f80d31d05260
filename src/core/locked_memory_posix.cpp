#include "core/locked_memory.h"

#include "core/secret.h"

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <new>
#include <sys/mman.h>

namespace stanch {
namespace {

constexpr std::size_t smallest = 32;
constexpr std::size_t largest = 16384;
constexpr std::size_t classes = 10; // 32, 64, … 16,384 bytes

struct FreeBlock {
    FreeBlock* next;
};

struct Arena {
    std::mutex mutex;
    std::array<FreeBlock*, classes> free{};
};

// Never destroyed: a Secret in a static object may die after any arena of ours.
Arena& arena() {
    static auto* instance = new Arena;
    return *instance;
}

void* map_pages(std::size_t size) {
    void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    // Both are best effort: see the header of secret.h.
    [[maybe_unused]] const int locked = mlock(pages, size);
#ifdef MADV_DONTDUMP
    madvise(pages, size, MADV_DONTDUMP);
#endif
    return pages;
}

std::size_t size_class(std::size_t size) {
    return size <= smallest ? 0 : std::bit_width(size - 1) - 5;
}

std::size_t page_rounded(std::size_t size) {
    return (size + 4095) / 4096 * 4096;
}

void refill(Arena& a, std::size_t cls) {
    const std::size_t block = smallest << cls;
    const std::size_t slab_size = std::max(std::size_t{64} << 10, 16 * block);
    auto* slab = static_cast<char*>(map_pages(slab_size));
    for (std::size_t at = 0; at + block <= slab_size; at += block) {
        auto* piece = reinterpret_cast<FreeBlock*>(slab + at);
        piece->next = a.free[cls];
        a.free[cls] = piece;
    }
}

} // namespace

char* locked_allocate(std::size_t size) {
    if (size > largest) return static_cast<char*>(map_pages(page_rounded(size)));
    Arena& a = arena();
    const std::size_t cls = size_class(size);
    const std::scoped_lock lock(a.mutex);
    if (a.free[cls] == nullptr) refill(a, cls);
    FreeBlock* block = a.free[cls];
    a.free[cls] = block->next;
    return reinterpret_cast<char*>(block);
}

void locked_free(char* block, std::size_t size) noexcept {
    wipe(block, size);
    if (size > largest) {
        munmap(block, page_rounded(size));
        return;
    }
    Arena& a = arena();
    const std::scoped_lock lock(a.mutex);
    auto* piece = reinterpret_cast<FreeBlock*>(block);
    piece->next = a.free[size_class(size)];
    a.free[size_class(size)] = piece;
}

} // namespace stanch
