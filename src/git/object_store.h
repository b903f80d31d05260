// All objects that a repository has: packs and loose objects, of its own and of its alternates.
//
// An ObjectStore is immutable; an ObjectReader belongs to one thread. Neither writes anything, asks
// a promisor remote for anything, or runs anything.
#pragma once

#include "core/result.h"
#include "git/object.h"
#include "git/pack.h"
#include "git/repository.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

struct LooseObject {
    ObjectId id;
    std::uint32_t directory = 0; // number of its object directory
};

// What is to be done about packs that have no index, and about what an interrupted fetch, repack or
// push left: Git itself does not look at either.
enum class Unindexed {
    tell, // the former are problems, the latter ignored
    read, // both are read from their heads on, which may take long
};

class ObjectStore {
  public:
    static ObjectStore open(const Repository& repository, Unindexed unindexed = Unindexed::tell);

    [[nodiscard]] ObjectFormat format() const { return format_; }
    [[nodiscard]] std::span<const Pack> packs() const { return packs_; }
    // What could not be opened: a damaged index, a pack without one, an unreadable directory.
    [[nodiscard]] const std::vector<Error>& problems() const { return problems_; }

    // Looks through the fan-out directories; sorted by id, each once. What can't be listed is added
    // to `problems`, files that are neither objects nor tables of ids to `left_over`: what an
    // interrupted write has left, notes beside packs, what does not belong there.
    [[nodiscard]] std::vector<LooseObject> list_loose(std::vector<Error>& problems,
                                                      std::vector<std::string>& left_over) const;
    [[nodiscard]] std::string loose_path(std::uint32_t directory, const ObjectId& id) const;
    [[nodiscard]] std::uint32_t directories() const {
        return static_cast<std::uint32_t>(directories_.size());
    }

  private:
    // A pack that is to be read from its head on.
    struct Headlong {
        std::string path;
        bool unfinished = false;
    };
    void add_packs(const std::string& directory);
    void add_pack(const std::string& directory, const std::string& base,
                  const std::vector<std::string>& names);
    bool add_from_multi_pack_index(const std::string& directory, const std::string& base);
    void add_quarantines();
    void read_headlong(const Headlong& pack);
    void list_packs_left_over(std::vector<std::string>& left_over) const;

    ObjectFormat format_ = ObjectFormat::sha1;
    std::vector<std::string> directories_;
    std::vector<Pack> packs_;
    std::vector<Error> problems_;
    Unindexed unindexed_ = Unindexed::tell;
    std::vector<Headlong> headlong_;
};

// An object of more inflated bytes than this is never held in memory (ErrorKind::incomplete).
inline constexpr std::uint64_t object_size_limit = std::uint64_t{1} << 30;

// Reads single objects by their id.
class ObjectReader {
  public:
    explicit ObjectReader(const ObjectStore& store);
    ObjectReader(ObjectReader&&) noexcept;
    ObjectReader& operator=(ObjectReader&&) noexcept;
    ObjectReader(const ObjectReader&) = delete;
    ObjectReader& operator=(const ObjectReader&) = delete;
    ~ObjectReader();

    // not_found: no pack and no loose file has it. incomplete: it is damaged or too large.
    Result<Object> read(const ObjectId& id);
    // The same, and of this type or an error.
    Result<std::string> read(const ObjectId& id, ObjectType type);
    // The object of a loose file whose path is known; its hash is checked.
    Result<Object> read_loose(std::uint32_t directory, const ObjectId& id);
    [[nodiscard]] bool has(const ObjectId& id) const;
    // The one object whose id begins with these hex digits (at least four); nullopt where none or
    // several do.
    [[nodiscard]] std::optional<ObjectId> complete(std::string_view hex) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace stanch::git
