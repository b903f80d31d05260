#include "cli/config_file.h"
#include "cli/env_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "env/guard.h"
#include "env/json.h"
#include "os/directory.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{
        .name = "--fix", .argument = "", .help = "mend what can be mended without losing anything"},
    Flag{.name = "--no-history", .argument = "", .help = "do not look at past commits"},
    Flag{.name = "--json", .argument = "", .help = "one object for each fault"},
};

void print(const env::GuardReport& report) {
    for (const env::GuardFault& fault : report.faults)
        answer(fault.path + ": " + std::string(to_string(fault.rule)) + ": " + fault.message +
               "\n  " + fault.remedy + "\n");
}

void print_json(const env::GuardReport& report) {
    std::string out = "[";
    for (const env::GuardFault& fault : report.faults)
        out += (out.size() > 1 ? ",\n " : "") + ("{\"path\": " + env::json_string(fault.path)) +
               ", \"rule\": " + env::json_string(to_string(fault.rule)) +
               ", \"message\": " + env::json_string(fault.message) +
               ", \"remedy\": " + env::json_string(fault.remedy) +
               ", \"fixable\": " + (fault.fixable ? "true" : "false") +
               ", \"rotate\": " + (fault.rotate ? "true" : "false") + "}";
    answer(out + "]\n");
}

// What --fix leaves: the faults that are still there, and what must be rotated although it is
// mended.
Result<env::GuardReport> mend(const env::GuardOptions& options, const env::GuardReport& before) {
    STANCH_TRY(const std::vector<std::string> done, env::fix_guard(options, before));
    for (const std::string& line : done)
        tell("fixed " + line);
    STANCH_TRY(env::GuardReport after, env::guard(options));
    for (const env::GuardFault& fault : before.faults)
        if (fault.rule == env::GuardRule::tracked)
            tell("rotate what " + fault.path + " holds if it was ever committed or pushed");
    return after;
}

Result<int> run(const Arguments& arguments) {
    if (arguments.positional().size() > 1) return fail(ErrorKind::usage, "one folder at a time");
    env::GuardOptions options;
    options.directory =
        arguments.positional().empty() ? current_directory() : arguments.positional()[0];
    if (!os::is_directory(options.directory))
        return fail(ErrorKind::usage, "there is no such folder", options.directory);
    options.history = !arguments.has("--no-history");
    STANCH_TRY(ConfigFile config, load_config(options.directory));
    STANCH_TRY(options.shared, shared_env_files(config.root));
    STANCH_TRY(env::GuardReport report, env::guard(options));
    if (arguments.has("--fix")) {
        STANCH_TRY(report, mend(options, report));
    }
    if (arguments.has("--json"))
        print_json(report);
    else
        print(report);
    for (const std::string& part : report.incomplete)
        tell("stanch: not looked at: " + part);
    if (!report.faults.empty()) return exit_found;
    return report.incomplete.empty() ? exit_clean : exit_incomplete;
}

} // namespace

const Verb env_guard_verb{
    .name = "env guard",
    .summary = "see that .env files stay on this machine",
    .usage = "[--fix] [FOLDER]",
    .text = "Looks at every .env file (.env, .env.*; not .env.example and its like) of the work "
            "tree, of Git's index, of\n"
            "the history and of built packages, and names what is wrong with it and what to do:\n"
            "\n"
            "  not-ignored      no .gitignore that applies covers it (nested files and '!' are "
            "evaluated as Git does)\n"
            "  ignored-locally  only the user's own excludes or .git/info/exclude cover it\n"
            "  name-case        covered under another spelling only\n"
            "  tracked          in the index; history: in some commit of any branch, tag or stash\n"
            "  mode, owner      others can read it; it is not yours; symlink: it points elsewhere\n"
            "  docker-context   a build would send it (.dockerignore evaluated as Docker does)\n"
            "  package          in a built wheel or sdist, or MANIFEST.in or pyproject.toml would "
            "put it there\n"
            "  web-root         a web server would hand it out\n"
            "  example-value    .env.example holds a real value\n"
            "\n"
            "[env] shared in stanch.toml names files that are meant for everybody, by patterns as "
            "in .gitignore.\n"
            "\n"
            "--fix writes .gitignore and .dockerignore, changes modes and untracks files (they "
            "stay on the disk). What\n"
            "others may have seen must be rotated; that is said.\n"
            "\n"
            "Exit: 0 all is well, 1 something was found, 3 something could not be looked at.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
