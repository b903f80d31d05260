// Git hooks as files: where they belong, what stands in them, whether they still work
// (githooks(5)).
//
// A hook of ours is a short POSIX shell script that runs an earlier hook first, then `stanch hook
// run NAME`. It fails closed: where stanch is missing or broken, the commit or push is refused and
// the script says how to go on.
//
// Where a repository leaves its hooks to a manager, the manager stays in charge: husky's files get
// a line, lefthook a local configuration; the hooks of the `pre-commit` framework are chained like
// any other.
//
// Runs `git` for the user's own core.hooksPath. Not thread-safe against another install in the same
// repository.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

enum class HookScope {
    repository, // this repository, all its worktrees
    worktree,   // this worktree only (extensions.worktreeConfig)
    global,     // every repository of this user
};

enum class HookManager { none, husky, lefthook };

struct HookOptions {
    std::string start = "."; // where the repository is looked for
    std::string program;     // absolute path of stanch
    HookScope scope = HookScope::repository;
    std::vector<std::string> names; // empty: what fits the repository (see default_hooks)
};

// What was done, a line each, and what a person still has to do.
struct HookChanges {
    std::vector<std::string> done;
    std::vector<std::string> left;
};

enum class HookHealth { working, missing, disabled, shadowed, outdated, broken };

struct HookState {
    std::string name; // "pre-commit"
    std::string path; // the file that Git runs
    HookHealth health = HookHealth::missing;
    std::string why;    // one clause; empty where it works
    std::string remedy; // a command
};

// pre-commit, pre-merge-commit, commit-msg, post-commit and pre-push; pre-receive in a bare
// repository.
std::vector<std::string> default_hooks(bool bare);

// Every hook that `stanch hook run` knows.
bool is_known_hook(std::string_view name);

// Idempotent. An earlier hook is kept as NAME.before-stanch and runs first. Errors: no repository,
// a directory that can't be written, a manager's configuration that can't be changed safely (with
// the lines to add by hand).
Result<HookChanges> install_hooks(const HookOptions& options);

// Takes ours away and puts the earlier ones back.
Result<HookChanges> uninstall_hooks(const HookOptions& options);

// How each of the hooks stands, as Git would find them now.
Result<std::vector<HookState>> inspect_hooks(const HookOptions& options);

} // namespace stanch::git
