// What the verbs of the environment share: the files' text, the process environment.
#pragma once

#include "cli/verb.h"
#include "core/config.h"
#include "core/secret.h"
#include "env/dotenv.h"
#include "env/layers.h"
#include "env/reference.h"

#include <optional>
#include <string>
#include <string_view>

namespace stanch::cli {

// --dialect, or python.
Result<env::Dialect> dialect_of(const Arguments& arguments);

// --targets, or all dialects.
Result<std::vector<env::Dialect>> targets_of(const Arguments& arguments);

// --env, --file, --dialect and --override over the nearest folder with .env files.
Result<env::LayerOptions> layer_options(const Arguments& arguments);

// [env] shared: patterns, as in .gitignore, of .env files that are meant for everybody.
Result<std::vector<std::string>> shared_env_files(ConfigTable& root);

std::string current_directory();

// A path as a person would type it here: relative where it lies below this folder.
std::string shown_path(const std::string& path);

// Standard input, to its end; on a terminal one line, asked for and not shown.
Result<Secret> ask_secret(const std::string& question);

// nullopt where the variable is not set.
std::optional<std::string> process_variable(std::string_view name);

// A file's text, or standard input's for "-".
Result<Secret> read_text(const std::string& path);

// Reads bw:// references: what is set up on this machine is opened on the first one
// (cli/vault_values.cpp).
env::Resolver vault_resolver();

} // namespace stanch::cli
