#include "cli/env_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "env/json.h"
#include "env/views.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{.name = "--dialect",
         .letter = 'd',
         .argument = "NAME",
         .help = "python (default), node, compose, docker, uv or posix"},
    Flag{.name = "--json", .argument = "", .help = "one object for each statement, with its value"},
    Flag{.name = "--no-interpolate", .argument = "", .help = "python: leave ${NAME} as it stands"},
};

void print_json(const env::Document& document) {
    std::string out = env::to_json(document);
    answer(out);
    wipe(out);
}

// Lines, and names where they are sure; never a value.
void print_names(const env::Document& document, const std::set<std::string, std::less<>>& sure) {
    for (const env::Entry& entry : document.entries) {
        const std::string line = std::to_string(entry.key_line) + "  ";
        if (entry.error)
            answer(line + "error: " + std::string(entry.message) + "\n");
        else if (entry.key)
            answer(line + (sure.contains(*entry.key) ? *entry.key : "a variable") +
                   (entry.value ? "" : " (without a value)") + "\n");
    }
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const env::Dialect dialect, dialect_of(arguments));
    if (arguments.positional().size() > 1) return fail(ErrorKind::usage, "one file at a time");
    const std::string path = arguments.positional().empty() ? ".env" : arguments.positional()[0];
    STANCH_TRY(const Secret text, read_text(path));
    const env::ReadOptions options{.environment = process_variable,
                                   .interpolate = !arguments.has("--no-interpolate"),
                                   .universal_newlines = path != "-"};
    const env::Document document = env::parse(text.reveal(), dialect, options);
    if (arguments.has("--json"))
        print_json(document);
    else
        print_names(document, env::sure_names(text.reveal()));
    return document.first_error() == nullptr ? exit_clean : exit_found;
}

} // namespace

const Verb env_parse_verb{
    .name = "env parse",
    .summary = "show what a program reads from a .env file",
    .usage = "[--dialect NAME] [--json] [FILE]",
    .text = "Reads FILE (default .env; - is standard input) as the program of the dialect does, "
            "and lists its\n"
            "statements. With --json each is an object: key, value, original, line, error (and "
            "message, where error\n"
            "is true); the originals, one after the other, are the file. Values are shown with "
            "--json only, and\n"
            "names only there or where every program reads them.\n"
            "\n"
            "A value is what the program has in the end: escapes and ${NAME} resolved, the latter "
            "from the file and\n"
            "the environment. Standard input is taken as it is; a file is opened as the program "
            "opens it (for\n"
            "python-dotenv, CR LF inside a quoted value becomes LF).\n"
            "\n"
            "Exit: 0 everything was read, 1 the program does not take some statement.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
