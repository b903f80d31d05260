#include "cli/env_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "env/write.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/store.h"

#include <array>
#include <unistd.h>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{.name = "--file",
         .letter = 'f',
         .argument = "FILE",
         .help = "the file to write (default .env)"},
    Flag{.name = "--targets",
         .letter = 't',
         .argument = "LIST",
         .help =
             "who must read it back: of python, node, compose, docker, uv, posix (default: all)"},
};

struct Wanted {
    std::string name;
    Secret value;
};

Secret without_newline(Secret value) {
    const std::string_view text = value.reveal();
    value.shorten(text.size() - (text.ends_with("\r\n") ? 2 : text.ends_with('\n') ? 1 : 0));
    return value;
}

// NAME (the value on standard input), NAME VALUE or NAME=VALUE.
Result<Wanted> wanted(const Arguments& arguments) {
    const std::vector<std::string>& words = arguments.positional();
    if (words.empty() || words.size() > 2)
        return fail(ErrorKind::usage, "give one name", {}, "stanch env set NAME < FILE");
    if (words.size() == 2) return Wanted{words[0], Secret(words[1])};
    if (const std::size_t equals = words[0].find('='); equals != std::string::npos)
        return Wanted{words[0].substr(0, equals),
                      Secret(std::string_view(words[0]).substr(equals + 1))};
    STANCH_TRY(Secret value, ask_secret("value of " + words[0] + ": "));
    return Wanted{words[0], without_newline(std::move(value))};
}

// A link is written through, so that it stays one.
std::string target_of(const std::string& path) {
    const auto real = os::real_path(path);
    return real ? *real : path;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

void tell_misread(const env::Written& written) {
    if (written.misread.empty()) return;
    std::string who;
    for (const env::Dialect dialect : written.misread)
        who += (who.empty() ? "" : ", ") + std::string(program_of(dialect));
    tell("stanch: written, but these read the file otherwise, or not at all: " + who);
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const std::vector<env::Dialect> targets, targets_of(arguments));
    STANCH_TRY(const Wanted change, wanted(arguments));
    const std::string path = target_of(arguments.value("--file").value_or(".env"));
    // Two of us at once, and none of the two values is lost.
    STANCH_TRY(const os::Descriptor lock, os::lock_directory(folder_of(path)));
    STANCH_TRY(const Secret before,
               os::exists(path) ? os::read_secret_file(path) : Result<Secret>(Secret()));
    auto written = env::set_variable(before.reveal(), change.name, change.value, targets);
    if (!written) {
        if (written.error().where.empty()) written.error().where = path;
        return std::unexpected(written.error());
    }
    STANCH_CHECK(os::write_file(path, written->text.reveal(), 0600));
    tell_misread(*written);
    return exit_clean;
}

} // namespace

const Verb env_set_verb{
    .name = "env set",
    .summary = "set a variable in a .env file",
    .usage = "[--file FILE] NAME [VALUE]",
    .text = "Sets NAME in .env (made if there is none; mode 0600) and leaves every other byte as "
            "it is. The value comes\n"
            "from standard input, less its last newline; on a terminal it is asked for and not "
            "shown. Given as VALUE it\n"
            "is seen by whoever can list processes, and kept in the shell's history.\n"
            "\n"
            "The value is quoted so that as many of the targets as possible read it back exactly "
            "(each way is tried with\n"
            "each program's own reading); who will not is said. A value that python-dotenv can't "
            "be made to read, like\n"
            "one with '${', is refused.\n"
            "\n"
            "Exit: 0 written, 1 refused, 2 called wrongly.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
