#include "git/hook_manager.h"
#include "git/hook_place.h"
#include "git/hook_script.h"
#include "git/hooks.h"
#include "git/merge_driver.h"
#include "os/file.h"

#include <algorithm>
#include <array>

namespace stanch::git {
namespace {

constexpr std::array<std::string_view, 7> known_hooks{
    "pre-commit", "pre-merge-commit", "commit-msg", "post-commit",
    "pre-push",   "pre-receive",      "update"};

// githooks(5), those that run on a developer's machine and that we don't handle ourselves.
constexpr std::array<std::string_view, 13> passed_hooks{
    "applypatch-msg",       "pre-applypatch",     "post-applypatch",    "prepare-commit-msg",
    "pre-rebase",           "post-checkout",      "post-merge",         "post-rewrite",
    "pre-auto-gc",          "sendemail-validate", "fsmonitor-watchman", "p4-pre-submit",
    "reference-transaction"};

Result<void> keep_earlier(const std::string& path, HookChanges& changes) {
    const std::string kept = path + ".before-stanch";
    if (os::is_occupied(kept))
        return fail(ErrorKind::refused,
                    "an earlier hook is kept already, and another one stands in its place", path,
                    "merge " + path + " into " + kept + " by hand, then install again");
    STANCH_CHECK(os::rename_file(path, kept));
    changes.done.push_back("kept the earlier hook as " + kept +
                           (os::is_executable(kept)
                                ? "; it runs first"
                                : "; it is not executable, so it does not run, as before"));
    return {};
}

Result<void> write_hook(const std::string& path, const std::string& script, HookChanges& changes) {
    const auto present = os::read_file(path);
    if (present && *present == script && os::is_executable(path)) return {};
    const bool ours = present && hook_script_version(*present) != 0;
    if (!ours && os::is_occupied(path)) STANCH_CHECK(keep_earlier(path, changes));
    STANCH_CHECK(os::write_file(path, script, 0755));
    changes.done.push_back("wrote " + path);
    return {};
}

Result<void> point_git_at(const HookPlace& place, const HookOptions& options,
                          HookChanges& changes) {
    const bool global = options.scope == HookScope::global;
    const std::string scope = global ? "--global" : "--worktree";
    if (!global)
        STANCH_CHECK(
            set_git_setting(options.start, "--local", "extensions.worktreeConfig", "true"));
    if (git_setting(options.start, "core.hooksPath", scope) == place.directory) return {};
    STANCH_CHECK(set_git_setting(options.start, scope, "core.hooksPath", place.directory));
    changes.done.push_back("set core.hooksPath (" + scope.substr(2) + ") to " + place.directory);
    return {};
}

Result<void> install_files(const HookPlace& place, const HookOptions& options,
                           const std::vector<std::string>& names, HookChanges& changes) {
    STANCH_CHECK(os::make_directories(place.directory, 0755));
    const std::string program = place.shared ? std::string() : options.program;
    for (const std::string& name : names)
        STANCH_CHECK(write_hook(place.directory + "/" + name,
                                hook_script(name, program, place.earlier), changes));
    if (place.everyones)
        changes.done.push_back("core.hooksPath is set outside of this repository: these hooks run "
                               "in every repository that follows it");
    if (!place.hides) return {};
    for (const std::string_view name : passed_hooks)
        STANCH_CHECK(write_hook(place.directory + "/" + std::string(name),
                                passing_script(name, place.earlier), changes));
    return point_git_at(place, options, changes);
}

Result<void> uninstall_file(const std::string& path, HookChanges& changes) {
    const auto present = os::read_file(path);
    if (!present || hook_script_version(*present) == 0) return {};
    const std::string kept = path + ".before-stanch";
    if (os::is_occupied(kept)) {
        STANCH_CHECK(os::rename_file(kept, path));
        changes.done.push_back("put the earlier hook back: " + path);
    } else {
        STANCH_CHECK(os::remove_file(path));
        changes.done.push_back("removed " + path);
    }
    return {};
}

} // namespace

std::vector<std::string> default_hooks(bool bare) {
    if (bare) return {"pre-receive"};
    return {"pre-commit", "pre-merge-commit", "commit-msg", "post-commit", "pre-push"};
}

bool is_known_hook(std::string_view name) {
    return std::ranges::find(known_hooks, name) != known_hooks.end();
}

Result<HookChanges> install_hooks(const HookOptions& options) {
    STANCH_TRY(const HookPlace place, hook_place(options.start, options.scope));
    const std::vector<std::string> names =
        options.names.empty() ? default_hooks(place.bare) : options.names;
    HookChanges changes;
    if (place.global) {
        changes.done.emplace_back("the hooks of every repository (--global) stand here already");
    } else if (place.manager == HookManager::husky) {
        for (const std::string& name : names)
            STANCH_CHECK(install_in_husky(place, name, changes));
    } else if (place.manager == HookManager::lefthook) {
        STANCH_CHECK(install_in_lefthook(place, options, names, changes));
    } else {
        STANCH_CHECK(install_files(place, options, names, changes));
    }
    if (options.scope != HookScope::global && !place.bare)
        STANCH_CHECK(install_merge_driver(place, options, changes));
    return changes;
}

Result<HookChanges> uninstall_hooks(const HookOptions& options) {
    STANCH_TRY(const HookPlace place, hook_place(options.start, options.scope));
    HookChanges changes;
    if (options.scope != HookScope::global)
        STANCH_CHECK(uninstall_merge_driver(place, options, changes));
    if (place.global) {
        changes.left.emplace_back(
            "the hooks are those of every repository: stanch hook uninstall --global");
        return changes;
    }
    for (const std::string_view name : known_hooks) {
        STANCH_CHECK(uninstall_file(place.directory + "/" + std::string(name), changes));
        if (place.manager == HookManager::husky)
            STANCH_CHECK(uninstall_from_husky(place, name, changes));
    }
    if (place.manager == HookManager::lefthook)
        STANCH_CHECK(uninstall_from_lefthook(place, changes));
    if (!place.hides) return changes;
    for (const std::string_view name : passed_hooks)
        STANCH_CHECK(uninstall_file(place.directory + "/" + std::string(name), changes));
    const std::string scope = options.scope == HookScope::global ? "--global" : "--worktree";
    if (git_setting(options.start, "core.hooksPath", scope) == place.directory) {
        STANCH_CHECK(set_git_setting(options.start, scope, "core.hooksPath", ""));
        changes.done.push_back("unset core.hooksPath (" + scope.substr(2) + ")");
    }
    return changes;
}

} // namespace stanch::git
