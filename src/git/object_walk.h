// The pack walker: visits every object of a store, each pack's in the order of its delta trees.
//
// A base is inflated once and stays in memory just while its deltas are made from it; the smallest
// subtree comes first and a base goes before its last child's own children, so that a family of n
// objects keeps at most log2(n) + 2 of them. Packed bytes are read by pread and checked against
// the index's CRC-32 on the way. Families are shared out among threads; each object is handed to
// the visitor of its thread while it is still in the processor's cache.
//
// Idea and figures: a delta tree has as many memcpy as inflate has bytes to spare. Of ansible's
// 2.7 GB of blobs only 0.45 GB are ever inflated.
#pragma once

#include "core/result.h"
#include "git/delta.h"
#include "git/object_store.h"
#include "git/tree_entries.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace stanch::git {

// Types of objects as a set: bit n for the type with number n.
using ObjectTypes = std::uint8_t;
constexpr ObjectTypes types(std::initializer_list<ObjectType> list) {
    ObjectTypes set = 0;
    for (const ObjectType type : list)
        set = static_cast<ObjectTypes>(set | 1U << static_cast<unsigned>(type));
    return set;
}
inline constexpr ObjectTypes all_types =
    types({ObjectType::commit, ObjectType::tree, ObjectType::blob, ObjectType::tag});

struct WalkedObject {
    static constexpr std::uint32_t no_slot = ~std::uint32_t{0};

    ObjectType type = ObjectType::none;
    std::string_view id; // raw
    // Where the store has it: number of the pack and position in its index, for ObjectTable.
    static constexpr std::uint32_t loose = ~std::uint32_t{0};
    std::uint32_t pack = loose;
    std::uint32_t position = 0;
    std::string_view content;
    // Set where it was made from a delta: its base's content, and what it has in common with it.
    bool is_delta = false;
    std::string_view base;
    std::span<const CopyRun> copies;
    // Of a tree. What was copied refers to the base's entries.
    const TreeEntries* entries = nullptr;
    // A small number, this thread's, that is the object's own until the last of its children was
    // visited: what a visitor remembers of a base, it remembers by slot.
    std::uint32_t slot = 0;
    std::uint32_t base_slot = no_slot;
};

// An object too large to hold: read from its zlib stream, piece by piece.
class ObjectStream {
  public:
    virtual ~ObjectStream() = default;
    // Fills as much of `buffer` as it can; fewer bytes mean the end. Error: damaged.
    virtual Result<std::size_t> read(std::span<char> buffer) = 0;
};

class ObjectVisitor {
  public:
    virtual ~ObjectVisitor() = default;
    virtual void visit(const WalkedObject& object) = 0;
    // Whole objects of more than WalkOptions::large bytes without deltas made from them.
    virtual void visit_large(ObjectType type, std::string_view id, ObjectStream& stream) = 0;
    // This object could not be read (`id` is empty where not even its name is known).
    virtual void miss(std::string_view id, const Error& error) = 0;
};

struct WalkOptions {
    ObjectTypes types = all_types;
    unsigned threads = 1;
    std::uint64_t large = std::uint64_t{32} << 20;
    bool loose = true;
    const std::atomic<bool>* stop = nullptr; // ends the walk early once true
};

class ObjectWalk {
  public:
    explicit ObjectWalk(const ObjectStore& store);
    ~ObjectWalk();
    ObjectWalk(const ObjectWalk&) = delete;
    ObjectWalk& operator=(const ObjectWalk&) = delete;

    // Visits every object once for each pack or loose file that has it (an object may stand in
    // several: the visitor's matter). `visitors` has one for each thread. What concerns a pack as
    // a whole goes to the first visitor's miss(). May be called again: the packs' layouts are kept.
    void run(std::span<ObjectVisitor* const> visitors, const WalkOptions& options);

    // The loose objects as they were when first listed.
    [[nodiscard]] const std::vector<LooseObject>& loose();
    // Paths of files beside them that an interrupted write has left.
    [[nodiscard]] const std::vector<std::string>& left_over();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace stanch::git
