#include "cli/env_shared.h"
#include "cli/run_environment.h"
#include "cli/say.h"
#include "cli/verbs.h"

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
         .help = "read FILE instead of the layers",
         .repeats = true},
    Flag{.name = "--dialect",
         .letter = 'd',
         .argument = "NAME",
         .help = "how to read them (default python)"},
    Flag{.name = "--override", .argument = "", .help = "the files win over the environment"},
    Flag{.name = "--resolve",
         .argument = "",
         .help = "print what a reference stands for, not the reference"},
};

Result<int> run(const Arguments& arguments) {
    if (arguments.positional().size() != 1)
        return fail(ErrorKind::usage, "give one name", {}, "stanch env get NAME");
    const std::string& name = arguments.positional()[0];
    STANCH_TRY(const env::LayerOptions options, layer_options(arguments));
    STANCH_TRY(const env::Layers layers, env::read_layers(options));
    const env::LayerVariable* variable = layers.find(name);
    if (variable == nullptr) {
        tell("stanch: no .env file here sets " + name);
        return exit_found;
    }
    Secret value = variable->value.copy();
    if (arguments.has("--resolve") && !env::reference_scheme(value.reveal()).empty()) {
        const env::References references{.vault = vault_resolver(), .directory = options.directory};
        STANCH_TRY(value, env::resolve_reference(value.reveal(), references));
    }
    answer(value.reveal());
    answer("\n");
    return exit_clean;
}

} // namespace

const Verb env_get_verb{
    .name = "env get",
    .summary = "print the value that a program would have",
    .usage = "[-e NAME] NAME",
    .text = "Prints the value of NAME from .env, .env.local and, with -e NAME, .env.NAME and "
            ".env.NAME.local: a later\n"
            "one wins, and the process environment wins over all unless --override. One newline is "
            "added.\n"
            "\n"
            "Exit: 0 printed, 1 no file sets it.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
