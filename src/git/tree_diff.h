// What one tree has that another has not, or has otherwise: by path, without renames.
//
// Trees are read as objects and compared entry by entry; equal subtrees are not read. Nothing of
// the work tree and no attribute or configuration has a say.
#pragma once

#include "core/result.h"
#include "git/index.h"
#include "git/object_store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

struct Change {
    std::string path;
    std::uint32_t old_mode = 0; // 0: the path is new
    std::uint32_t new_mode = 0; // 0: the path is gone
    ObjectId old_id;
    ObjectId new_id;
    bool intent_to_add = false; // `git add -N`: a name without content yet

    // A file or symbolic link is there now, as a blob.
    [[nodiscard]] bool has_blob() const {
        const std::uint32_t type = new_mode & mode_type;
        return type == mode_file || type == mode_symlink;
    }
    [[nodiscard]] bool had_blob() const {
        const std::uint32_t type = old_mode & mode_type;
        return type == mode_file || type == mode_symlink;
    }
};

// An empty id stands for the empty tree. Sorted by path.
Result<std::vector<Change>> diff_trees(ObjectReader& reader, const ObjectId& before,
                                       const ObjectId& after);

// What the index would commit on top of `head` (a tree, or empty). Directories that the index
// knows to be unchanged are not looked at. Conflicts come as one change for each stage but the
// base's. What is gone is left out, unless it is asked for.
enum class Gone { left_out, told };
Result<std::vector<Change>> diff_index(ObjectReader& reader, const ObjectId& head,
                                       const Index& index, Gone gone = Gone::left_out);

// The entry at a path of a tree; mode 0: none.
struct PathEntry {
    std::uint32_t mode = 0;
    ObjectId id;
};
Result<PathEntry> find_path(ObjectReader& reader, const ObjectId& tree, std::string_view path);

} // namespace stanch::git
