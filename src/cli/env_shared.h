// What the verbs of the environment share: the files' text, the process environment.
#pragma once

#include "cli/verb.h"
#include "core/secret.h"
#include "env/dotenv.h"
#include "env/reference.h"

#include <optional>
#include <string>
#include <string_view>

namespace stanch::cli {

// --dialect, or python.
Result<env::Dialect> dialect_of(const Arguments& arguments);

// nullopt where the variable is not set.
std::optional<std::string> process_variable(std::string_view name);

// A file's text, or standard input's for "-".
Result<Secret> read_text(const std::string& path);

// Reads bw:// references; null where this build has no reader for them.
env::Resolver vault_resolver();

} // namespace stanch::cli
