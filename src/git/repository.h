// Where a Git repository keeps its things (gitrepository-layout(5)), found without running Git.
//
// Handles .git directories and .git files, linked worktrees, bare repositories, core.worktree,
// alternates (nested, relative), SHA-1 and SHA-256, and the environment that Git gives its hooks:
// GIT_DIR, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY and GIT_ALTERNATE_OBJECT_DIRECTORIES, which name
// the quarantine of a push.
//
// Only the repository's own configuration is read, and of that only what decides its layout.
// Nothing in it is ever run, so a repository that belongs to somebody else is safe to read:
// safe.directory has no meaning here. A Repository is immutable; use it from any thread.
#pragma once

#include "core/result.h"
#include "git/object_id.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

// The variables of Git's that move a repository's parts. Empty: not set.
struct Environment {
    std::string git_dir;
    std::string work_tree;
    std::string common_dir;
    std::string index_file;
    std::string object_directory;
    std::vector<std::string> alternate_object_directories;

    static Environment of_process();
};

enum class RefStorage { files, reftable };

struct Repository {
    std::string git_dir;    // this worktree's own: HEAD, index, logs/HEAD
    std::string common_dir; // shared by all worktrees: objects, refs, config
    std::string work_tree;  // empty: bare
    std::string index_file; // need not exist
    // The object store first, then its alternates, each once.
    std::vector<std::string> object_directories;
    ObjectFormat format = ObjectFormat::sha1;
    RefStorage refs = RefStorage::files;
    bool shallow = false;  // commits' parents are missing on purpose
    bool promisor = false; // a partial clone: objects may be missing on purpose
    // Alternates that are named but not there: objects of theirs will be missing.
    std::vector<std::string> missing_alternates;

    // The repository that holds `path` (a directory or file), searched upward. With GIT_DIR set,
    // that one. not_found where there is none.
    static Result<Repository> discover(const std::string& path,
                                       const Environment& environment = {});
    // This very directory: ".git", a bare repository, or a worktree's git dir.
    static Result<Repository> open(const std::string& git_dir, const Environment& environment = {});

    // Git directories of all worktrees, the main one (common_dir) first.
    [[nodiscard]] std::vector<std::string> worktree_git_dirs() const;
    // Of the submodules that are checked out in one of them, sound or not: each has a store of its
    // own, and may have submodules of its own, which are not named here.
    [[nodiscard]] std::vector<std::string> submodule_git_dirs() const;
};

// HEAD, objects/ and refs/ (or a commondir that has them): what Git itself takes for a git
// directory.
bool is_git_dir(const std::string& path);

} // namespace stanch::git
