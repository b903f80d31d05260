#include "cli/env_shared.h"

#include "cli/say.h"

#include "os/file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <termios.h>
#include <unistd.h>

namespace stanch::cli {

Result<env::Dialect> dialect_of(const Arguments& arguments) {
    return env::parse_dialect(arguments.value("--dialect").value_or("python"));
}

Result<std::vector<env::Dialect>> targets_of(const Arguments& arguments) {
    std::vector<env::Dialect> targets;
    const std::string list = arguments.value("--targets").value_or("");
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        STANCH_TRY(const env::Dialect target, env::parse_dialect(list.substr(at, end - at)));
        targets.push_back(target);
        at = end + 1;
    }
    if (targets.empty()) targets.assign(env::all_dialects.begin(), env::all_dialects.end());
    return targets;
}

Result<std::vector<std::string>> shared_env_files(ConfigTable& root) {
    ConfigTable table = root.table("env");
    std::vector<std::string> patterns = table.strings("shared");
    STANCH_CHECK(table.finish());
    return patterns;
}

std::string current_directory() {
    std::error_code ignored;
    return std::filesystem::current_path(ignored).string();
}

std::string shown_path(const std::string& path) {
    const std::string here = current_directory() + "/";
    return path.starts_with(here) ? path.substr(here.size()) : path;
}

Result<env::LayerOptions> layer_options(const Arguments& arguments) {
    env::LayerOptions options;
    options.name = arguments.value("--env").value_or("");
    options.files = arguments.values("--file");
    const std::string here = current_directory();
    options.directory = env::layer_directory(here, options.name);
    if (options.directory == here) options.directory.clear();
    options.files_win = arguments.has("--override");
    options.environment = process_variable;
    STANCH_TRY(options.dialect, dialect_of(arguments));
    return options;
}

Result<Secret> ask_secret(const std::string& question) {
    if (isatty(STDIN_FILENO) != 1) return read_text("-");
    termios before{};
    tcgetattr(STDIN_FILENO, &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    tell(question);
    Secret line = Secret::zeroed(4096);
    const ssize_t size = read(STDIN_FILENO, line.writable().data(), line.size());
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    line.shorten(size > 0 ? static_cast<std::size_t>(size) : 0);
    return line;
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

} // namespace stanch::cli
