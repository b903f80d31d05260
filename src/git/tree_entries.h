// Where the entries of a tree begin, told from its base's: a tree that is a delta has mostly
// entries that came over whole, and those need not be parsed again.
#pragma once

#include "git/delta.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace stanch::git {

class TreeEntries {
  public:
    // Entries [first, first + count) are the base's [base_first, base_first + count), byte by byte.
    struct Copied {
        std::uint32_t first = 0;
        std::uint32_t count = 0;
        std::uint32_t base_first = 0;
    };

    // A tree on its own.
    void read(std::string_view content, std::size_t id_size);
    // One that was made from `base` by `copies`, as git::apply_delta gives them. An entry is taken
    // over only where parsing from the tree's beginning has arrived at one of the base's.
    void read(std::string_view content, std::size_t id_size, const TreeEntries& base,
              std::span<const CopyRun> copies);

    [[nodiscard]] std::uint32_t size() const {
        return static_cast<std::uint32_t>(starts_.size()) - 1;
    }
    [[nodiscard]] std::uint32_t start(std::uint32_t entry) const { return starts_[entry]; }
    // Ascending, disjoint.
    [[nodiscard]] const std::vector<Copied>& copied() const { return copied_; }
    // Bytes that are no entry stand behind the last one.
    [[nodiscard]] bool damaged() const { return damaged_; }

  private:
    bool take_one(std::string_view content, std::size_t id_size);
    bool take_over(const TreeEntries& base, const CopyRun& run);

    std::vector<std::uint32_t> starts_{0}; // and where the last one ends
    std::vector<Copied> copied_;
    bool damaged_ = false;
};

} // namespace stanch::git
