#include "cli/completion.h"
#include "cli/say.h"
#include "cli/verbs.h"

namespace stanch::cli {
namespace {

Result<int> run(const Arguments& arguments) {
    const std::string shell = arguments.positional().size() == 1 ? arguments.positional()[0] : "";
    if (shell == "bash")
        answer(bash_completion());
    else if (shell == "zsh")
        answer(zsh_completion());
    else if (shell == "fish")
        answer(fish_completion());
    else
        return fail(ErrorKind::usage, "name one shell: bash, zsh or fish");
    return exit_clean;
}

} // namespace

const Verb completion_verb{
    .name = "completion",
    .summary = "print a completion script for a shell",
    .usage = "bash|zsh|fish",
    .text = "    stanch completion bash > ~/.local/share/bash-completion/completions/stanch\n"
            "    stanch completion zsh > \"${fpath[1]}/_stanch\"\n"
            "    stanch completion fish > ~/.config/fish/completions/stanch.fish",
    .flags = {},
    .run = run,
};

} // namespace stanch::cli
