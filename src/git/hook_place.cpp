#include "git/hook_place.h"

#include "os/directory.h"
#include "os/file.h"
#include "os/process.h"

#include <array>

namespace stanch::git {
namespace {

std::string line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text;
}

Result<std::string> ask(const std::string& start, std::vector<std::string> words) {
    os::Command command;
    command.arguments = {"git", "-C", start};
    command.arguments.insert(command.arguments.end(), words.begin(), words.end());
    STANCH_TRY(const os::Outcome outcome, os::run(command));
    if (outcome.exit_code != 0)
        return fail(ErrorKind::not_found, "not a Git repository: " + line(outcome.errors), start,
                    "run it inside a repository, or with --global");
    return line(outcome.output);
}

std::string absolute(const std::string& base, const std::string& path) {
    if (path.starts_with('/')) return path;
    const auto real = os::real_path(base);
    return (real ? *real : base) + "/" + path;
}

std::string lefthook_file(const std::string& work_tree) {
    for (const std::string_view name : {"lefthook", ".lefthook", ".config/lefthook"})
        for (const std::string_view extension : {".yml", ".yaml", ".toml", ".json"}) {
            const std::string path = work_tree + "/" + std::string(name) + std::string(extension);
            if (os::exists(path)) return path;
        }
    return {};
}

void find_manager(HookPlace& place) {
    if (place.work_tree.empty()) return;
    if (place.directory.ends_with("/.husky/_") || place.directory.ends_with("/.husky")) {
        place.manager = HookManager::husky;
        place.manager_file = place.work_tree + "/.husky";
        return;
    }
    place.manager_file = lefthook_file(place.work_tree);
    if (!place.manager_file.empty()) place.manager = HookManager::lefthook;
}

Result<std::string> global_folder() {
    STANCH_TRY(const std::string folder, os::config_directory());
    return folder + "/hooks";
}

// core.hooksPath, "~" expanded. Errors are an unset one.
std::string hooks_path(const std::string& start, const std::string& scope) {
    return ask(start, {"config", scope, "--type=path", "--get", "core.hooksPath"}).value_or("");
}

// A user's own folder keeps its place, and its hooks hide those of repositories as before.
Result<HookPlace> global_place() {
    HookPlace place;
    STANCH_TRY(const std::string ours, global_folder());
    place.directory = hooks_path(".", "--global");
    if (place.directory.empty()) place.directory = ours;
    place.hides = place.directory == ours;
    place.earlier.where =
        place.hides ? EarlierHook::Where::own_repository : EarlierHook::Where::kept;
    return place;
}

// What Git runs in a worktree without a setting of its own.
EarlierHook before_worktree(const std::string& start) {
    for (const char* scope : {"--local", "--global", "--system"})
        if (const std::string path = hooks_path(start, scope); !path.empty())
            return {EarlierHook::Where::folder, path};
    return {EarlierHook::Where::own_repository, {}};
}

} // namespace

std::string git_setting(const std::string& start, const std::string& key,
                        const std::string& scope) {
    std::vector<std::string> words{"config"};
    if (!scope.empty()) words.push_back(scope);
    words.insert(words.end(), {"--get", key});
    return ask(start, words).value_or("");
}

Result<void> set_git_setting(const std::string& start, const std::string& scope,
                             const std::string& key, const std::string& value) {
    std::vector<std::string> words{"config", scope};
    if (value.empty())
        words.insert(words.end(), {"--unset", key});
    else
        words.insert(words.end(), {key, value});
    STANCH_CHECK(ask(start, words));
    return {};
}

Result<HookPlace> hook_place(const std::string& start, HookScope scope) {
    if (scope == HookScope::global) return global_place();
    HookPlace place;
    STANCH_TRY(const std::string hooks, ask(start, {"rev-parse", "--git-path", "hooks"}));
    STANCH_TRY(const std::string common, ask(start, {"rev-parse", "--git-common-dir"}));
    STANCH_TRY(const std::string git_dir, ask(start, {"rev-parse", "--absolute-git-dir"}));
    STANCH_TRY(const std::string bare, ask(start, {"rev-parse", "--is-bare-repository"}));
    place.git_dir = git_dir;
    place.bare = bare == "true";
    if (!place.bare) place.work_tree = ask(start, {"rev-parse", "--show-toplevel"}).value_or("");
    place.directory = absolute(start, hooks);
    place.own_directory = absolute(start, common) + "/hooks";
    if (scope == HookScope::worktree) {
        place.directory = git_dir + "/hooks";
        place.hides = true;
        place.earlier = before_worktree(start);
    } else if (place.directory != place.own_directory) {
        const auto ours = global_folder();
        place.global = ours && place.directory == *ours;
        place.everyones = !place.global && !git_setting(start, "core.hooksPath").empty() &&
                          hooks_path(start, "--local").empty();
    }
    place.shared = !place.work_tree.empty() && place.directory.starts_with(place.work_tree + "/") &&
                   !place.directory.starts_with(git_dir + "/") &&
                   !place.directory.starts_with(absolute(start, common) + "/");
    if (scope == HookScope::repository) find_manager(place);
    return place;
}

} // namespace stanch::git
