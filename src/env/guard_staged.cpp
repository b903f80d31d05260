#include "env/guard.h"

#include "env/guard_parts.h"
#include "git/index.h"
#include "git/object_store.h"
#include "git/refs.h"
#include "git/tree_diff.h"

namespace stanch::env {
namespace {

// The tree of HEAD's commit; empty before the first one.
Result<git::ObjectId> head_tree(const git::Repository& repository, git::ObjectReader& reader) {
    STANCH_TRY(const auto head, git::read_head(repository));
    if (!head) return git::ObjectId();
    STANCH_TRY(const std::string content, reader.read(*head, git::ObjectType::commit));
    const auto commit = git::parse_commit(content, repository.format);
    if (!commit) return fail(ErrorKind::incomplete, "a damaged commit", head->hex());
    return commit->tree;
}

} // namespace

Result<std::vector<std::string>> staged_env_files(const git::Repository& repository) {
    std::vector<std::string> paths;
    STANCH_TRY(const git::Index index, git::Index::read(repository));
    // Most indexes hold none: then HEAD need not be read.
    bool any = false;
    for (const git::IndexEntry& entry : index.entries())
        any = any || is_env_file(name_of(std::string(entry.path)));
    if (!any) return paths;
    const git::ObjectStore store = git::ObjectStore::open(repository);
    git::ObjectReader reader(store);
    STANCH_TRY(const git::ObjectId head, head_tree(repository, reader));
    STANCH_TRY(const auto changes, git::diff_index(reader, head, index));
    for (const git::Change& change : changes)
        if (change.old_mode == 0 && is_env_file(name_of(change.path))) paths.push_back(change.path);
    return paths;
}

} // namespace stanch::env
