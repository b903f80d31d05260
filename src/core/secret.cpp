#include "core/secret.h"

#include "core/locked_memory.h"

#include <algorithm>
#include <cstring>
#include <sodium.h>
#include <utility>

namespace stanch {

Secret::Secret(std::string_view bytes) : size_(bytes.size()) {
    if (size_ == 0) return;
    data_ = locked_allocate(size_);
    std::memcpy(data_, bytes.data(), size_);
}

Secret Secret::zeroed(std::size_t size) {
    Secret secret;
    if (size == 0) return secret;
    secret.data_ = locked_allocate(size);
    secret.size_ = size;
    std::memset(secret.data_, 0, size);
    return secret;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    if (data_ != nullptr) locked_free(data_, size_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    return *this;
}

Secret::~Secret() {
    if (data_ != nullptr) locked_free(data_, size_);
}

void Secret::shorten(std::size_t size) {
    if (size >= size_) return;
    *this = Secret(reveal().substr(0, size));
}

bool Secret::equals(const Secret& other) const {
    return size_ == other.size_ && (size_ == 0 || sodium_memcmp(data_, other.data_, size_) == 0);
}

std::string Secret::redacted() const {
    const std::size_t shown = size_ < 12 ? 0 : std::min<std::size_t>(4, size_ / 8);
    auto printable = [](std::string_view part) {
        std::string text(part);
        std::ranges::replace_if(text, [](unsigned char c) { return c < 0x21 || c > 0x7e; }, '?');
        return text;
    };
    const std::string_view value = reveal();
    return printable(value.substr(0, shown)) + "…" + printable(value.substr(size_ - shown));
}

void wipe(void* data, std::size_t size) {
    sodium_memzero(data, size);
}

void wipe(std::string& text) {
    text.resize(text.capacity());
    wipe(text.data(), text.size());
    text.clear();
}

} // namespace stanch
