#include "cli/hook_run.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "git/hooks.h"
#include "os/process.h"

#include <algorithm>
#include <array>

namespace stanch::cli {
namespace {

constexpr std::array<Flag, 3> flags{{
    {"--global", 0, "", "for every repository of this user (core.hooksPath)"},
    {"--worktree", 0, "", "for this worktree only"},
    {"--hook", 0, "NAME", "only this hook; may be repeated", true},
}};

Result<git::HookOptions> options(const Arguments& arguments) {
    git::HookOptions options;
    if (!arguments.positional().empty()) options.start = arguments.positional()[0];
    if (arguments.has("--global") && arguments.has("--worktree"))
        return fail(ErrorKind::usage, "--global and --worktree exclude each other");
    if (arguments.has("--global")) options.scope = git::HookScope::global;
    if (arguments.has("--worktree")) options.scope = git::HookScope::worktree;
    options.names = arguments.values("--hook");
    for (const std::string& name : options.names)
        if (!git::is_known_hook(name))
            return fail(ErrorKind::usage, "stanch has no hook '" + name + "'", {},
                        "pre-commit, pre-merge-commit, commit-msg, post-commit, pre-push, "
                        "pre-receive or update");
    STANCH_TRY(options.program, os::own_program());
    return options;
}

void say(const git::HookChanges& changes) {
    for (const std::string& line : changes.done)
        answer(line + "\n");
    for (const std::string& line : changes.left)
        answer("next: " + line + "\n");
    if (changes.done.empty() && changes.left.empty()) answer("nothing to do\n");
}

Result<int> install(const Arguments& arguments) {
    STANCH_TRY(const git::HookOptions chosen, options(arguments));
    STANCH_TRY(const git::HookChanges changes, git::install_hooks(chosen));
    say(changes);
    return exit_clean;
}

Result<int> uninstall(const Arguments& arguments) {
    STANCH_TRY(const git::HookOptions chosen, options(arguments));
    STANCH_TRY(const git::HookChanges changes, git::uninstall_hooks(chosen));
    say(changes);
    return exit_clean;
}

std::string_view word(git::HookHealth health) {
    switch (health) {
    case git::HookHealth::working:
        return "works";
    case git::HookHealth::missing:
        return "missing";
    case git::HookHealth::disabled:
        return "disabled";
    case git::HookHealth::shadowed:
        return "shadowed";
    case git::HookHealth::outdated:
        return "outdated";
    case git::HookHealth::broken:
        return "broken";
    }
    return "broken";
}

Result<int> doctor(const Arguments& arguments) {
    STANCH_TRY(const git::HookOptions chosen, options(arguments));
    STANCH_TRY(const std::vector<git::HookState> states, git::inspect_hooks(chosen));
    bool all = true;
    for (const git::HookState& state : states) {
        all = all && state.health == git::HookHealth::working;
        std::string line =
            state.name + std::string(18 - std::min<std::size_t>(17, state.name.size()), ' ');
        line += word(state.health);
        if (!state.why.empty()) line += ": " + state.why;
        answer(line + "\n");
        if (!state.remedy.empty()) answer("    " + state.remedy + "\n");
    }
    return all ? exit_clean : exit_found;
}

Result<int> run(const Arguments& arguments) {
    const auto& words = arguments.positional();
    if (words.empty()) return fail(ErrorKind::usage, "which hook?", {}, "this is for Git to call");
    auto code = run_hook(words[0], {words.begin() + 1, words.end()});
    // Git refuses on any code but 0; nothing that went wrong may pass for a check.
    if (!code && code.error().kind != ErrorKind::usage) {
        say_error(code.error());
        tell("stanch: refused, since nothing could be checked");
        return exit_incomplete;
    }
    return code;
}

} // namespace

const Verb hook_install_verb{
    .name = "hook install",
    .summary = "install the Git hooks, so that a leak never leaves the machine",
    .usage = "[DIRECTORY]",
    .text =
        "Installs pre-commit, pre-merge-commit, commit-msg, post-commit and pre-push; in a bare\n"
        "repository pre-receive (or, with --hook update, update). An earlier hook is kept and "
        "runs\n"
        "first. core.hooksPath, husky, lefthook and the pre-commit framework are honoured.\n"
        "A hook that can't check refuses: nothing passes unseen.",
    .flags = flags,
    .run = install,
};

const Verb hook_uninstall_verb{
    .name = "hook uninstall",
    .summary = "take the hooks away and put the earlier ones back",
    .usage = "[DIRECTORY]",
    .text = "",
    .flags = flags,
    .run = uninstall,
};

const Verb hook_run_verb{
    .name = "hook run",
    .summary = "what an installed hook runs; Git calls it",
    .usage = "NAME [ARGUMENT…]",
    .text = "pre-commit and pre-merge-commit look at what is staged, commit-msg at the message, "
            "pre-push,\n"
            "pre-receive and update at what is sent, post-commit at a commit that went past the "
            "others.\n"
            "All look for the values of .env files too, in whatever form they are written. "
            "pre-commit and\n"
            "pre-push refuse .env files by their name; commit-msg refuses a commit that is too "
            "large to be\n"
            "read, unless its message says why (stanch commit check).\n"
            "\n"
            "stanch.toml: [hook] refuse = \"low\", \"medium\" (default) or \"high\"; known_values "
            "= false;\n"
            "gate = false. [env] shared = [PATTERN…]: .env files that are meant for everybody.",
    .flags = {},
    .takes_command = true,
    .run = run,
};

const Verb hook_doctor_verb{
    .name = "hook doctor",
    .summary = "find hooks that are missing, shadowed, disabled or outdated",
    .usage = "[DIRECTORY]",
    .text = "Looks at the hooks as Git would find them now. Exit code 1 where one does not work.",
    .flags = flags,
    .run = doctor,
};

} // namespace stanch::cli
