// How a pack's entries hang together: the forest of its deltas, known from the entries' headers
// alone.
//
// Nodes are numbered in the order of their offsets. Every node knows its type: a delta has the
// type of the root it grew from.
#pragma once

#include "core/result.h"
#include "git/pack.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stanch::git {

class PackLayout {
  public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    // Reads all headers, on up to `threads` threads.
    static Result<PackLayout> read(const Pack& pack, const os::RandomFile& file,
                                   ObjectFormat format, unsigned threads);

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(offsets_.size()); }
    [[nodiscard]] std::uint64_t offset(std::uint32_t node) const { return offsets_[node]; }
    // Where the next entry begins: this one's packed bytes end there.
    [[nodiscard]] std::uint64_t end(std::uint32_t node) const {
        return node + 1 < size() ? offsets_[node + 1] : end_;
    }
    // In the pack's index.
    [[nodiscard]] std::uint32_t position(std::uint32_t node) const { return positions_[node]; }
    // Of the entry's bytes, out of the index; only meaningful where that has them.
    [[nodiscard]] std::uint32_t crc(std::uint32_t node) const { return crcs_[node]; }
    // none: a delta whose base this pack does not have.
    [[nodiscard]] ObjectType type(std::uint32_t node) const { return types_[node]; }
    // Those that are deltas against this one, the smallest subtree first.
    [[nodiscard]] std::span<const std::uint32_t> children(std::uint32_t node) const {
        return std::span(children_).subspan(child_start_[node],
                                            child_start_[node + 1] - child_start_[node]);
    }
    // Whole objects, and deltas against another pack's; the families with most members first,
    // if they are a good part of all, the rest by offset.
    [[nodiscard]] std::span<const std::uint32_t> roots() const { return roots_; }
    // Entries with a damaged header, or that are their own ancestors: part of no family.
    [[nodiscard]] std::span<const std::uint32_t> lost() const { return lost_; }

  private:
    friend class LayoutBuilder;
    std::vector<std::uint64_t> offsets_;
    std::uint64_t end_ = 0;
    std::vector<std::uint32_t> positions_;
    std::vector<std::uint32_t> crcs_; // in the order of the entries: the index's is random access
    std::vector<ObjectType> types_;
    std::vector<std::uint32_t> child_start_;
    std::vector<std::uint32_t> children_;
    std::vector<std::uint32_t> roots_;
    std::vector<std::uint32_t> lost_;
};

} // namespace stanch::git
