#include "env/guard.h"

#include "env/guard_parts.h"
#include "git/ignore.h"
#include "git/object_store.h"
#include "git/refs.h"
#include "git/tree_diff.h"

#include <algorithm>
#include <iterator>

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

Result<std::vector<std::string>> staged_env_files(const git::Repository& repository,
                                                  const git::Index& index,
                                                  const std::vector<std::string>& shared) {
    std::vector<std::string> paths;
    // Most indexes hold none: then HEAD need not be read.
    bool any = false;
    for (const git::IndexEntry& entry : index.entries())
        any = any || is_env_file(entry.path.substr(entry.path.rfind('/') + 1));
    if (!any) return paths;
    const git::ObjectStore store = git::ObjectStore::open(repository);
    git::ObjectReader reader(store);
    STANCH_TRY(const git::ObjectId head, head_tree(repository, reader));
    STANCH_TRY(const auto changes, git::diff_index(reader, head, index));
    for (const git::Change& change : changes)
        if (change.old_mode == 0 && is_env_file(name_of(change.path)) &&
            !is_shared(shared, change.path))
            paths.push_back(change.path);
    return paths;
}

std::vector<GuardFault> local_faults(const git::Repository& repository,
                                     const std::vector<std::string>& paths,
                                     const std::vector<std::string>& shared) {
    GuardFiles files;
    files.root = repository.work_tree;
    std::ranges::copy_if(paths, std::back_inserter(files.env),
                         [&](const std::string& path) { return !is_shared(shared, path); });
    GuardReport report;
    check_ignored(files, repository, report);
    check_files(files, report);
    return std::move(report.faults);
}

bool is_shared(const std::vector<std::string>& patterns, const std::string& path) {
    std::string text;
    for (const std::string& pattern : patterns)
        text += pattern + "\n";
    return git::IgnoreFile(text, "", false).verdict(path, false) == git::IgnoreVerdict::ignored;
}

} // namespace stanch::env
