#include "cli/env_shared.h"

#include "os/file.h"

#include <cstdlib>
#include <unistd.h>

namespace stanch::cli {

Result<env::Dialect> dialect_of(const Arguments& arguments) {
    return env::parse_dialect(arguments.value("--dialect").value_or("python"));
}

std::optional<std::string> process_variable(std::string_view name) {
    const std::string text(name);
    if (text.empty() || text.find_first_of(std::string_view("=\0", 2)) != std::string::npos)
        return std::nullopt;
    const char* value = std::getenv(text.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<Secret> read_text(const std::string& path) {
    if (path != "-") return os::read_secret_file(path);
    STANCH_TRY(std::string text, os::read_all(STDIN_FILENO, std::uint64_t{1} << 24));
    Secret secret(text);
    wipe(text);
    return secret;
}

env::Resolver vault_resolver() {
    return nullptr;
}

} // namespace stanch::cli
