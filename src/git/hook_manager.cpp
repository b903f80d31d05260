#include "git/hook_manager.h"

#include "git/hook_script.h"
#include "os/file.h"

namespace stanch::git {
namespace {

constexpr std::string_view husky_mark = "# stanch hook 1\n";
constexpr std::string_view lefthook_mark =
    "# stanch hook 1: written by `stanch hook install`, merged over the team's file.\n";

std::string husky_file(const HookPlace& place, std::string_view name) {
    return place.manager_file + "/" + std::string(name);
}

std::string husky_lines(std::string_view name) {
    // husky runs its files with `sh -e`: where stanch is missing, the commit is refused.
    return std::string(husky_mark) + "stanch hook run " + std::string(name) + " \"$@\"\n";
}

std::string local_file(const HookPlace& place) {
    const std::string& team = place.manager_file;
    const std::size_t slash = team.rfind('/');
    const std::string stem =
        team.substr(slash + 1).starts_with('.') ? ".lefthook-local" : "lefthook-local";
    return team.substr(0, slash + 1) + stem + ".yml";
}

std::string lefthook_command(std::string_view name, const std::string& program) {
    std::string text = std::string(name) + ":\n  commands:\n    stanch:\n      run: |\n        " +
                       shell_quoted(program) + " hook run " + std::string(name);
    if (name == "commit-msg") text += " {1}";
    if (name == "pre-push") text += " {1} {2}";
    text += "\n      fail_text: refused by stanch\n";
    if (name == "pre-push") text += "      use_stdin: true\n";
    return text;
}

std::string text_of(const std::string& path) {
    return os::read_file(path).value_or("");
}

} // namespace

bool stands_in_husky(const HookPlace& place, std::string_view name) {
    return text_of(husky_file(place, name)).find(husky_lines(name)) != std::string::npos;
}

Result<void> install_in_husky(const HookPlace& place, std::string_view name, HookChanges& changes) {
    if (stands_in_husky(place, name)) return {};
    const std::string path = husky_file(place, name);
    std::string text = text_of(path);
    if (!text.empty() && text.back() != '\n') text += '\n';
    STANCH_CHECK(os::write_file(path, text + husky_lines(name), 0755));
    changes.done.push_back("added stanch to " + path + " (husky)");
    return {};
}

Result<void> uninstall_from_husky(const HookPlace& place, std::string_view name,
                                  HookChanges& changes) {
    const std::string path = husky_file(place, name);
    std::string text = text_of(path);
    const std::string lines = husky_lines(name);
    const std::size_t at = text.find(lines);
    if (at == std::string::npos) return {};
    text.erase(at, lines.size());
    STANCH_CHECK(text.empty() ? os::remove_file(path) : os::write_file(path, text, 0755));
    changes.done.push_back("took stanch out of " + path);
    return {};
}

bool stands_in_lefthook(const HookPlace& place, std::string_view name) {
    const std::string text = text_of(local_file(place));
    return text.starts_with(lefthook_mark) &&
           text.find("\n" + std::string(name) + ":\n") != std::string::npos;
}

Result<void> install_in_lefthook(const HookPlace& place, const HookOptions& options,
                                 const std::vector<std::string>& names, HookChanges& changes) {
    const std::string path = local_file(place);
    const std::string before = text_of(path);
    std::string text(lefthook_mark);
    for (const std::string& name : names)
        text += lefthook_command(name, options.program);
    if (!before.empty() && !before.starts_with(lefthook_mark))
        return fail(ErrorKind::refused,
                    "there is a lefthook-local.yml already, which may not be rewritten", path,
                    "add to it by hand:\n" + text);
    if (before == text) return {};
    STANCH_CHECK(os::write_file(path, text, 0644));
    changes.done.push_back("wrote " + path);
    changes.left.push_back("run `lefthook install`, so that it sets up the new hooks");
    return {};
}

Result<void> uninstall_from_lefthook(const HookPlace& place, HookChanges& changes) {
    const std::string path = local_file(place);
    if (!text_of(path).starts_with(lefthook_mark)) return {};
    STANCH_CHECK(os::remove_file(path));
    changes.done.push_back("removed " + path);
    return {};
}

} // namespace stanch::git
