// The name of a Git object: SHA-1 (20 bytes) or SHA-256 (32), by the repository's format.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stanch::git {

enum class ObjectFormat : std::uint8_t { sha1 = 20, sha256 = 32 };

constexpr std::size_t raw_size(ObjectFormat format) {
    return static_cast<std::size_t>(format);
}

class ObjectId {
  public:
    ObjectId() = default; // no id
    // `raw` is 20 or 32 bytes.
    explicit ObjectId(std::string_view raw) : size_(static_cast<std::uint8_t>(raw.size())) {
        std::memcpy(bytes_.data(), raw.data(), std::min(raw.size(), bytes_.size()));
    }
    // 40 or 64 lower- or upper-case hex digits; nullopt otherwise.
    static std::optional<ObjectId> parse(std::string_view hex);

    [[nodiscard]] std::string_view raw() const {
        return {reinterpret_cast<const char*>(bytes_.data()), size_};
    }
    [[nodiscard]] std::string hex() const;
    [[nodiscard]] bool empty() const { return size_ == 0; }
    // All zero: Git's "no object" in reflogs and hook input.
    [[nodiscard]] bool is_null() const {
        return std::ranges::all_of(bytes_, [](std::uint8_t byte) { return byte == 0; });
    }

    friend auto operator<=>(const ObjectId&, const ObjectId&) = default;

  private:
    std::array<std::uint8_t, 32> bytes_{};
    std::uint8_t size_ = 0;
};

// Ids are digests: their first bytes are as good a hash as any.
struct ObjectIdHash {
    std::size_t operator()(const ObjectId& id) const {
        std::size_t hash = 0;
        std::memcpy(&hash, id.raw().data(), std::min(sizeof hash, id.raw().size()));
        return hash;
    }
};

} // namespace stanch::git
