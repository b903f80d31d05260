// Sets of up to 512 marks, each stored once and named by a number; 0 is the empty set.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace stanch::git {

class MarkSets {
  public:
    static constexpr std::uint32_t capacity = 512;
    using Bits = std::array<std::uint64_t, capacity / 64>;

    MarkSets() { name({}); }

    std::uint32_t name(const Bits& bits) {
        const auto [at, added] = names_.try_emplace(bits, static_cast<std::uint32_t>(sets_.size()));
        if (added) sets_.push_back(bits);
        return at->second;
    }

    std::uint32_t unite(std::uint32_t a, std::uint32_t b) {
        if (a == b || b == 0) return a;
        if (a == 0) return b;
        const std::uint64_t pair = std::uint64_t{std::min(a, b)} << 32 | std::max(a, b);
        const auto [at, added] = unions_.try_emplace(pair, 0);
        if (added) {
            Bits bits = sets_[a];
            for (std::size_t i = 0; i < bits.size(); ++i)
                bits[i] |= sets_[b][i];
            at->second = name(bits);
        }
        return at->second;
    }

    std::uint32_t with(std::uint32_t set, std::uint32_t mark) {
        Bits bits = sets_[set];
        bits[mark / 64] |= std::uint64_t{1} << mark % 64;
        return name(bits);
    }

    [[nodiscard]] bool has(std::uint32_t set, std::uint32_t mark) const {
        return (sets_[set][mark / 64] >> mark % 64 & 1U) != 0;
    }

  private:
    struct Hash {
        std::size_t operator()(const Bits& bits) const {
            std::uint64_t hash = 0;
            for (const std::uint64_t word : bits)
                hash = (hash ^ word) * 0x9E3779B97F4A7C15ULL ^ hash >> 29;
            return hash;
        }
    };
    std::vector<Bits> sets_;
    std::unordered_map<Bits, std::uint32_t, Hash> names_;
    std::unordered_map<std::uint64_t, std::uint32_t> unions_;
};

} // namespace stanch::git
