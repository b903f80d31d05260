#include "cli/config_file.h"
#include "cli/env_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "env/check.h"
#include "os/file.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{.name = "--stdout", .argument = "", .help = "print it instead of writing .env.example"},
    Flag{.name = "--output",
         .letter = 'o',
         .argument = "FILE",
         .help = "write FILE (default .env.example)"},
    Flag{.name = "--config", .argument = "FILE", .help = "use this stanch.toml"},
};

// A name from a file that does not parse may be a piece of a value that lost its quotes.
std::vector<std::string> names_of(const env::Layers& layers) {
    std::vector<std::string> names;
    if (!layers.problems.empty()) return names;
    for (const env::LayerVariable& variable : layers.variables)
        names.push_back(variable.name);
    return names;
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const ConfigFile config, load_config(".", arguments.value("--config")));
    STANCH_TRY(const env::LayerOptions options, layer_options(arguments));
    STANCH_TRY(const env::Layers layers, env::read_layers(options));
    const std::string text = env::example_of(config.manifest, names_of(layers));
    if (arguments.has("--stdout")) {
        answer(text);
        return exit_clean;
    }
    const std::string folder = config.found() ? config.directory : options.directory;
    const std::string path =
        arguments.value("--output")
            .value_or(folder.empty() ? ".env.example" : folder + "/.env.example");
    STANCH_CHECK(os::write_file(path, text, 0644));
    tell("wrote " + shown_path(path));
    return exit_clean;
}

} // namespace

const Verb env_example_verb{
    .name = "env example",
    .summary = "write .env.example from what is declared",
    .usage = "[--stdout]",
    .text =
        "Writes .env.example: every name that stanch.toml declares, with its description and type "
        "as a comment, then\n"
        "the names that only .env files have. It never holds a value, so that it can be committed.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
