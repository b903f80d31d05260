// Buffers that are wiped when they are given back: for bodies and documents that hold secrets among
// other bytes.
//
// Unlike Secret they are ordinary, growing memory: not locked, copied freely, fit for megabytes. A
// single credential belongs into a Secret.
#pragma once

#include "core/secret.h"

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace stanch {

template <class T>
struct WipingAllocator {
    using value_type = T;

    WipingAllocator() = default;
    template <class U>
    explicit(false) WipingAllocator(const WipingAllocator<U>&) noexcept {}

    T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
    void deallocate(T* block, std::size_t n) noexcept {
        wipe(block, n * sizeof(T));
        std::allocator<T>().deallocate(block, n);
    }
    friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

// A vector, not a string: a short string would keep its bytes inside the object, where no allocator
// wipes them.
using Bytes = std::vector<char, WipingAllocator<char>>;

inline std::string_view view(const Bytes& bytes) {
    return {bytes.data(), bytes.size()};
}

inline void append(Bytes& bytes, std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
}

inline Bytes to_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

} // namespace stanch
