// Where Git looks for hooks, and who else has a hand in them.
#pragma once

#include "git/hook_script.h"
#include "git/hooks.h"

namespace stanch::git {

struct HookPlace {
    std::string directory;     // where Git runs hooks from
    std::string own_directory; // the repository's own: $GIT_COMMON_DIR/hooks
    std::string work_tree;     // empty: bare, or no repository (global)
    std::string git_dir;
    bool bare = false;
    bool shared =
        false; // inside the work tree: the team's, so no path of this machine goes into it
    // Ours in front of others: core.hooksPath is (to be) set to `directory` by us.
    bool hides = false;
    EarlierHook earlier;    // where it hides them, those that Git ran before
    bool everyones = false; // core.hooksPath is set for every repository, but not by us
    bool global = false;    // HookScope::global put its hooks there
    HookManager manager = HookManager::none;
    std::string manager_file; // lefthook's configuration
};

// For HookScope::global no repository is needed.
Result<HookPlace> hook_place(const std::string& start, HookScope scope);

// A setting as Git sees it from there; empty where it is not set. `scope` is "" or "--local",
// "--global", "--system", "--worktree".
std::string git_setting(const std::string& start, const std::string& key,
                        const std::string& scope = {});
Result<void> set_git_setting(const std::string& start, const std::string& scope,
                             const std::string& key, const std::string& value);

} // namespace stanch::git
