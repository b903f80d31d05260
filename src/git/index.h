// Git's index: what the next commit will hold (gitformat-index(5)).
//
// Versions 2, 3 and 4, SHA-1 and SHA-256, split index, sparse directory entries, intent-to-add,
// skip-worktree. Paths and ids are views into the mapped file (version 4's compressed paths go into
// one arena), so that reading 5,000 entries costs three allocations. Anything that does not fit the
// format is an error of kind `invalid`; a mandatory extension that is not known is `incomplete`.
//
// Immutable after read(); the entries' views live as long as the Index.
#pragma once

#include "core/result.h"
#include "git/object_id.h"
#include "git/repository.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

// Modes of tree and index entries, in the octal digits of Git.
inline constexpr std::uint32_t mode_type = 0170000;
inline constexpr std::uint32_t mode_directory = 0040000;
inline constexpr std::uint32_t mode_file = 0100000;
inline constexpr std::uint32_t mode_symlink = 0120000;
inline constexpr std::uint32_t mode_submodule = 0160000;

struct IndexEntry {
    std::string_view
        path; // from the root of the work tree, '/' separated; a sparse directory ends with '/'
    std::string_view oid; // raw, 20 or 32 bytes
    std::uint32_t mode = 0;
    std::uint8_t stage = 0; // 0; 1 to 3 in a conflict: base, ours, theirs
    bool intent_to_add = false;
    bool skip_worktree = false;
    // What stat said when the entry was written: equal values mean that the file need not be read
    // again.
    std::uint32_t mtime_seconds = 0;
    std::uint32_t mtime_nanoseconds = 0;
    std::uint32_t inode = 0;
    std::uint32_t size = 0;

    [[nodiscard]] bool is_submodule() const { return (mode & mode_type) == mode_submodule; }
    [[nodiscard]] bool is_sparse_directory() const { return (mode & mode_type) == mode_directory; }
};

// A directory whose tree object the index already knows: nothing in it changed since that tree was
// read or written.
struct CachedTree {
    std::string_view name;       // of this directory alone; empty for the root
    std::string_view oid;        // empty: not valid, look at the entries
    std::uint32_t entries = 0;   // index entries below it, where valid
    std::uint32_t subtrees = 0;  // the CachedTrees that follow directly: this one's children
    std::uint32_t following = 0; // how many records belong to it, children of children included
};

struct IndexState;

class Index {
  public:
    // An index that does not exist has no entries. Its trailing checksum is verified (unless
    // index.skipHash left it zero): a damaged index must not pass for an empty one.
    static Result<Index> read(const Repository& repository);
    // One file's bytes. A split index needs a second file, "sharedindex.<id>": `shared` gives its
    // bytes.
    using SharedIndex = std::function<Result<std::string_view>(const ObjectId& id)>;
    static Result<Index> parse(std::string_view bytes, ObjectFormat format,
                               const SharedIndex& shared);

    Index(Index&&) noexcept;
    Index& operator=(Index&&) noexcept;
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;
    ~Index();

    // By path, then stage.
    [[nodiscard]] std::span<const IndexEntry> entries() const;
    // Pre-order, the root first; empty where the index has none.
    [[nodiscard]] std::span<const CachedTree> cached_trees() const;
    // The entry of stage 0 with this path, or nullptr.
    [[nodiscard]] const IndexEntry* find(std::string_view path) const;

  private:
    explicit Index(std::unique_ptr<IndexState> state);
    std::unique_ptr<IndexState> state_;
};

} // namespace stanch::git
