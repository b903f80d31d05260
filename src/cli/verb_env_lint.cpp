#include "cli/env_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "env/views.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{.name = "--targets",
         .letter = 't',
         .argument = "LIST",
         .help = "who must agree: of python, node, compose, docker, uv, posix (default: all)"},
};

std::string line_of(const std::string& path, const env::Difference& difference) {
    std::string who;
    for (const env::Dialect dialect : difference.dialects)
        who += (who.empty() ? "" : ", ") + std::string(to_string(dialect));
    const std::string name = difference.name.empty() ? "" : difference.name + ": ";
    return path + ":" + std::to_string(difference.line) + ": " + name + who + ": " +
           difference.what + "\n";
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const std::vector<env::Dialect> targets, targets_of(arguments));
    std::vector<std::string> paths = arguments.positional();
    if (paths.empty()) paths.emplace_back(".env");
    std::size_t found = 0;
    for (const std::string& path : paths) {
        STANCH_TRY(const Secret text, read_text(path));
        for (const env::Difference& difference :
             env::compare_views(text.reveal(), targets, process_variable)) {
            answer(line_of(path, difference));
            ++found;
        }
    }
    return found == 0 ? exit_clean : exit_found;
}

} // namespace

const Verb env_lint_verb{
    .name = "env lint",
    .summary = "find the lines of a .env file that programs read differently",
    .usage = "[--targets LIST] [FILE…]",
    .text = "Reads FILE (default .env) as each of the targets does, and says by line which of them "
            "reads something\n"
            "else than the first: another value, no variable, or nothing at all from there on. "
            "Values are never shown,\n"
            "and neither are names where some program does not take a line: they might be pieces "
            "of values.\n"
            "\n"
            "Targets: python (python-dotenv), node (dotenv), compose (env_file), docker (run "
            "--env-file), uv\n"
            "(run --env-file), posix or bash (the file sourced by a shell).\n"
            "\n"
            "Exit: 0 they agree, 1 they do not.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
