#include "git/hook_script.h"

#include <charconv>

namespace stanch::git {
namespace {

constexpr std::string_view marker = "# stanch hook ";
constexpr std::string_view program_line = "stanch=";

bool reads_input(std::string_view name) {
    return name == "pre-push" || name == "pre-receive" || name == "post-receive" ||
           name == "post-rewrite" || name == "reference-transaction" || name == "proc-receive";
}

// $GIT_COMMON_DIR/hooks. Git's reference transactions come by the dozen, and `git rev-parse` would
// cost each of them a process: only where a linked worktree's .git is a file is it asked.
std::string own_repository() {
    return "dir=${GIT_DIR:-.git}\n"
           "[ -d \"$dir\" ] || dir=$(git rev-parse --absolute-git-dir)\n"
           "if [ -r \"$dir/commondir\" ]; then\n"
           "    read -r common <\"$dir/commondir\"\n"
           "    case $common in /*) dir=$common ;; *) dir=$dir/$common ;; esac\n"
           "fi\n";
}

std::string set_earlier(std::string_view name, const EarlierHook& earlier) {
    switch (earlier.where) {
    case EarlierHook::Where::kept:
        return "earlier=$0.before-stanch\n";
    case EarlierHook::Where::folder:
        return "earlier=" + shell_quoted(earlier.folder + "/" + std::string(name)) + "\n";
    case EarlierHook::Where::own_repository:
        return own_repository() + "earlier=$dir/hooks/" + std::string(name) + "\n";
    }
    return {};
}

std::string header(std::string_view name) {
    return "#!/bin/sh\n" + std::string(marker) + std::to_string(hook_version) + ": " +
           std::string(name) +
           "\n# Written by `stanch hook install`, taken away by `stanch hook uninstall`.\n";
}

// Git's own search path stands in front of PATH when a hook runs, but a graphical client's PATH may
// be almost empty.
// pre-commit leaves the process id of the `git commit` that it let through: the same one has
// nothing to be told afterwards, and builtins of the shell are enough to see it.
std::string already_checked() {
    return "if [ -r \"${GIT_DIR:-.git}/stanch/checked\" ]; then\n"
           "    read -r checked <\"${GIT_DIR:-.git}/stanch/checked\"\n"
           "    [ \"$checked\" != \"$PPID\" ] || exit 0\n"
           "fi\n";
}

std::string find_program(std::string_view name, std::string_view program) {
    const std::string refused =
        name == "post-commit" ? "the commit was not checked" : "refused, since nothing was checked";
    std::string text = std::string(program_line) + shell_quoted(program) + "\n";
    text += "[ -x \"$stanch\" ] || stanch=$(command -v stanch) || {\n"
            "    echo \"stanch: the program is gone: " +
            refused +
            "\" >&2\n"
            "    echo \"  install stanch again, or remove this hook: $0\" >&2\n"
            "    exit 1\n"
            "}\n";
    return text;
}

} // namespace

std::string shell_quoted(std::string_view word) {
    std::string text = "'";
    for (const char c : word) {
        if (c == '\'')
            text += "'\\''";
        else
            text += c;
    }
    return text + "'";
}

std::string hook_script(std::string_view name, std::string_view program,
                        const EarlierHook& earlier) {
    std::string text = header(name) + find_program(name, program) + set_earlier(name, earlier);
    const std::string run = "\"$stanch\" hook run " + std::string(name) + " \"$@\"\n";
    if (!reads_input(name)) {
        text += "if [ -x \"$earlier\" ]; then \"$earlier\" \"$@\" || exit; fi\n";
        if (name == "post-commit") text += already_checked();
        return text + "exec " + run;
    }
    // Both read the list of refs.
    return text +
           "refs=$(cat)\n"
           "if [ -x \"$earlier\" ]; then printf '%s\\n' \"$refs\" | \"$earlier\" \"$@\" || exit; "
           "fi\n"
           "printf '%s\\n' \"$refs\" | " +
           run;
}

std::string passing_script(std::string_view name, const EarlierHook& earlier) {
    return header(name) + set_earlier(name, earlier) +
           "[ -x \"$earlier\" ] || exit 0\nexec \"$earlier\" \"$@\"\n";
}

int hook_script_version(std::string_view script) {
    const std::size_t at = script.find(marker);
    if (at == std::string_view::npos) return 0;
    const std::string_view rest = script.substr(at + marker.size());
    int version = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), version);
    return version;
}

std::string hook_script_program(std::string_view script) {
    const std::size_t at = script.find("\n" + std::string(program_line) + "'");
    if (at == std::string_view::npos) return {};
    std::string_view rest = script.substr(at + program_line.size() + 2);
    rest = rest.substr(0, rest.find('\n'));
    std::string program;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (rest[i] != '\'')
            program += rest[i];
        else if (rest.substr(i).starts_with("'\\''"))
            i += 3, program += '\'';
        else
            break;
    }
    return program;
}

} // namespace stanch::git
