// Every object of a store under one number: 0 to size() - 1, in the order of the ids, however many
// packs have it.
//
// Immutable, any thread. Where a single pack has everything, the table is a view of its index.
#pragma once

#include "git/object_store.h"
#include "git/object_walk.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

class ObjectTable {
  public:
    ObjectTable(const ObjectStore& store, const std::vector<LooseObject>& loose);

    [[nodiscard]] std::uint32_t size() const { return size_; }
    // All ids, one directly behind the other.
    [[nodiscard]] std::string_view ids() const { return {ids_, size_ * id_size_}; }
    [[nodiscard]] std::string_view id(std::uint32_t number) const {
        return {ids_ + std::size_t{number} * id_size_, id_size_};
    }
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view raw) const;
    // The same for a few questions: makes no index first, and each takes a little longer.
    [[nodiscard]] bool has(std::string_view raw) const;
    // The same for an object that a walk visits; every such object has a number.
    [[nodiscard]] std::optional<std::uint32_t> number_of(const WalkedObject& object) const {
        if (alone_ && object.pack == 0) return object.position;
        return find(object.id);
    }

  private:
    void merge(const ObjectStore& store, const std::vector<LooseObject>& loose);
    void index() const;
    [[nodiscard]] std::uint32_t bucket(std::string_view raw) const;

    std::size_t id_size_;
    bool alone_ = false; // numbers are positions in the only pack's index
    std::uint32_t size_ = 0;
    const char* ids_ = nullptr;
    std::string merged_;
    // Made by the first find(): numbers alone do not need it.
    mutable std::once_flag indexed_;
    mutable unsigned shift_ = 32; // which leading bits of an id choose its bucket
    mutable std::vector<std::uint32_t> buckets_;
};

// The same questions over and over: the latest answers before the table's own. One thread's.
class TableLookup {
  public:
    explicit TableLookup(const ObjectTable& table) : table_(table), recent_(recent) {}

    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view raw);

  private:
    static constexpr std::size_t recent = std::size_t{1} << 12;
    struct Answer { // with its id: looking that up in the table would miss the processor's cache
        std::array<char, 32> id{};
        std::uint32_t number = 0;
        std::uint32_t size = 0;
    };
    const ObjectTable& table_;
    std::vector<Answer> recent_;
};

} // namespace stanch::git
