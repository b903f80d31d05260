#include "cli/config_file.h"
#include "cli/env_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "env/check.h"
#include "env/json.h"
#include "os/file.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{.name = "--env",
         .letter = 'e',
         .argument = "NAME",
         .help = "also .env.NAME and .env.NAME.local"},
    Flag{.name = "--file",
         .letter = 'f',
         .argument = "FILE",
         .help = "check FILE instead of the layers",
         .repeats = true},
    Flag{.name = "--no-code", .argument = "", .help = "do not look for names that the code reads"},
    Flag{.name = "--json", .argument = "", .help = "one object for each problem"},
    Flag{.name = "--config", .argument = "FILE", .help = "use this stanch.toml"},
};

std::string in(const std::string& directory, const std::string& name) {
    return directory.empty() || directory == "." ? name : directory + "/" + name;
}

void print(const std::vector<env::CheckProblem>& problems) {
    for (const env::CheckProblem& problem : problems)
        answer(problem.where + ": " + (problem.name.empty() ? "" : problem.name + ": ") +
               std::string(to_string(problem.kind)) + ": " + problem.message + "\n");
}

void print_json(const std::vector<env::CheckProblem>& problems) {
    std::string out = "[";
    for (const env::CheckProblem& problem : problems)
        out += (out.size() > 1 ? ",\n " : "") +
               ("{\"kind\": " + env::json_string(to_string(problem.kind))) +
               ", \"name\": " + env::json_string(problem.name) +
               ", \"where\": " + env::json_string(problem.where) +
               ", \"message\": " + env::json_string(problem.message) + "}";
    answer(out + "]\n");
}

Result<int> run(const Arguments& arguments) {
    if (!arguments.positional().empty())
        return fail(ErrorKind::usage, "'env check' takes no names; name a file with --file");
    STANCH_TRY(const ConfigFile config, load_config(".", arguments.value("--config")));
    STANCH_TRY(const env::LayerOptions options, layer_options(arguments));
    STANCH_TRY(const env::Layers layers, env::read_layers(options));
    env::CheckInput input;
    input.manifest = &config.manifest;
    input.layers = &layers;
    input.environment = options.name;
    input.process = process_variable;
    if (!arguments.has("--no-code")) input.code = env::code_names_below(config.directory);
    input.example_path = in(options.directory, ".env.example");
    if (os::exists(input.example_path)) {
        STANCH_TRY(input.example, os::read_file(input.example_path));
    }
    STANCH_TRY(const std::vector<env::CheckProblem> problems, env::check_environment(input));
    if (arguments.has("--json"))
        print_json(problems);
    else
        print(problems);
    return problems.empty() ? exit_clean : exit_found;
}

} // namespace

const Verb env_check_verb{
    .name = "env check",
    .summary = "hold .env, .env.example and the code against stanch.toml",
    .usage = "[-e NAME] [--json]",
    .text = "Finds, without showing a value: names that are required and missing, that no "
            "[credential.*] of stanch.toml\n"
            "declares (extra), values that are not of their type (malformed) or only hold a place "
            "(placeholder), names\n"
            "set twice (duplicate), statements that python-dotenv drops (syntax), names that "
            "Python code reads from\n"
            "os.environ and nobody declares (undeclared), and a .env.example that no longer fits "
            "(drift).\n"
            "\n"
            "Types: string, url, int, bool, enum (with choices), email, path, port, json, pattern "
            "(with pattern).\n"
            "\n"
            "Exit: 0 all is well, 1 something was found.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
