// One thread's part of the pack walker: whole families of deltas, and loose objects.
#pragma once

#include "git/inflate.h"
#include "git/object_walk.h"
#include "git/pack_layout.h"

#include <memory>
#include <vector>

namespace stanch::git {

struct OpenPack {
    const Pack* pack = nullptr;
    std::uint32_t number = 0; // in the store
    const os::RandomFile* file = nullptr;
    const PackLayout* layout = nullptr;
};

class FamilyWalker {
  public:
    FamilyWalker(const ObjectStore& store, ObjectVisitor& visitor, const WalkOptions& options);

    // The root and all that grew from it.
    void walk(const OpenPack& pack, std::uint32_t root);
    // `type` is none until it is known.
    void loose(const LooseObject& object, ObjectType& type);
    // Call it when a pack's file is closed: the next one may be opened at the same address.
    void forget_window() { window_file_ = nullptr; }
    [[nodiscard]] bool stopped() const {
        return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
    }

  private:
    // A living object: its bytes, and how many of its children are made.
    struct Slot {
        std::unique_ptr<char[]> memory;
        std::size_t capacity = 0;
        std::size_t size = 0;
        TreeEntries entries; // where it is a tree
        [[nodiscard]] std::string_view content() const { return {memory.get(), size}; }
    };
    struct Frame {
        std::uint32_t node;
        std::uint32_t slot;
        std::uint32_t next_child;
    };
    struct Entry {
        EntryHeader header;
        std::string_view packed; // the zlib stream
    };

    std::uint32_t take_slot(std::size_t size);
    void release(std::uint32_t slot);
    Result<Entry> entry(std::uint32_t node);
    Result<std::uint32_t> make_root(std::uint32_t node, ObjectType& type);
    Result<std::uint32_t> make_child(std::uint32_t node, std::string_view base);
    Result<std::uint32_t> grow(std::uint32_t node, const Entry& entry, std::string_view base);
    bool walk_large(std::uint32_t node);
    void descend(std::uint32_t root, std::uint32_t slot, ObjectType type);
    void visit(std::uint32_t node, ObjectType type, std::uint32_t slot, std::uint32_t base_slot);
    const TreeEntries& read_entries(std::uint32_t slot, std::uint32_t base_slot);
    void miss_family(std::uint32_t node, const Error& error);
    std::unexpected<Error> damaged(std::uint32_t node, std::string what) const;
    [[nodiscard]] std::string_view id(std::uint32_t node) const;
    [[nodiscard]] bool wants(ObjectType type) const {
        return (options_.types >> static_cast<unsigned>(type) & 1U) != 0;
    }

    const ObjectStore& store_;
    ObjectVisitor& visitor_;
    const WalkOptions& options_;
    ObjectReader reader_;
    Inflater inflater_;
    OpenPack pack_;
    // A window of the pack's bytes: families lie together.
    std::vector<char> window_;
    std::uint64_t window_start_ = 0;
    std::size_t window_size_ = 0;
    const os::RandomFile* window_file_ = nullptr;
    std::vector<char> delta_;
    std::vector<CopyRun> copies_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_slots_;
    std::vector<Frame> frames_;
};

} // namespace stanch::git
