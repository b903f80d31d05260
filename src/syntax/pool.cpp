#include "syntax/pool.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <tree_sitter/api.h>
#include <vector>

namespace stanch::syntax {
namespace {

constexpr std::size_t step = 16;
constexpr std::size_t largest = 1024;
constexpr std::size_t chunk_size = std::size_t{256} << 10;

// In front of every block: its size class, 0 for one of the system's.
struct alignas(step) Head {
    std::size_t size = 0;
};

struct Free {
    Free* next;
};

class Pool {
  public:
    void* take(std::size_t size) {
        const std::size_t place = (size + step - 1) / step;
        if (Free* block = free_[place]; block != nullptr) {
            free_[place] = block->next;
            return block;
        }
        const std::size_t whole = sizeof(Head) + place * step;
        if (left_ < whole) {
            chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(chunk_size));
            at_ = chunks_.back().get();
            left_ = chunk_size;
        }
        auto* head = new (at_) Head{place * step};
        at_ += whole;
        left_ -= whole;
        return head + 1;
    }

    void give(void* block, std::size_t size) {
        free_[size / step] = new (block) Free{free_[size / step]};
    }

  private:
    std::array<Free*, largest / step + 1> free_{};
    std::vector<std::unique_ptr<std::byte[]>> chunks_;
    std::byte* at_ = nullptr;
    std::size_t left_ = 0;
};

Pool& pool() {
    thread_local Pool own;
    return own;
}

Head* head_of(void* block) {
    return static_cast<Head*>(block) - 1;
}

void* allocate(std::size_t size) {
    size = std::max(size, step);
    if (size <= largest) return pool().take(size);
    void* raw = std::malloc(sizeof(Head) + size);
    if (raw == nullptr) throw std::bad_alloc();
    return new (raw) Head{0} + 1;
}

void release(void* block) {
    if (block == nullptr) return;
    Head* head = head_of(block);
    if (head->size == 0)
        std::free(head);
    else
        pool().give(block, head->size);
}

void* allocate_zeroed(std::size_t count, std::size_t size) {
    void* block = allocate(count * size);
    std::memset(block, 0, count * size);
    return block;
}

void* reallocate(void* block, std::size_t size) {
    if (block == nullptr) return allocate(size);
    Head* head = head_of(block);
    if (head->size == 0 && size > largest) {
        auto* moved = static_cast<Head*>(std::realloc(head, sizeof(Head) + size));
        if (moved == nullptr) throw std::bad_alloc();
        return moved + 1;
    }
    if (head->size >= size) return block;
    void* larger = allocate(size);
    // A shrinking system block holds more than is kept.
    std::memcpy(larger, block, head->size == 0 ? size : head->size);
    release(block);
    return larger;
}

} // namespace

void use_pool() {
    ts_set_allocator(allocate, allocate_zeroed, reallocate, release);
}

} // namespace stanch::syntax
