#include "cli/config_file.h"

#include "os/file.h"

#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace stanch::cli {
namespace {

namespace fs = std::filesystem;

// Each section belongs to the verb of its name.
constexpr std::array<std::string_view, 9> sections{"scan",    "hook",   "env", "vault", "privilege",
                                                   "commits", "rotate", "run", "fix"};

constexpr std::string_view own_name = "stanch.toml";
constexpr std::string_view python_name = "pyproject.toml";

bool is_python(const fs::path& file) {
    return file.filename() == python_name;
}

Result<ConfigFile> read_root(std::string_view text, const fs::path& file) {
    ConfigFile result;
    result.path = file.string();
    result.directory = file.parent_path().empty() ? "." : file.parent_path().string();
    STANCH_TRY(Config document, Config::parse(text, result.path));
    result.document = std::move(document);
    result.root =
        is_python(file) ? result.document->root({"tool", "stanch"}) : result.document->root();
    STANCH_TRY(result.manifest, read_manifest(result.root));
    for (const std::string_view section : sections)
        result.root.accept(section);
    STANCH_CHECK(result.root.finish());
    return result;
}

// Most pyproject.toml files do not mention stanch: they need no parsing.
bool mentions_stanch(std::string_view text) {
    return text.find("stanch") != std::string_view::npos;
}

// nullopt: no configuration in this folder.
Result<std::optional<ConfigFile>> in_folder(const fs::path& folder) {
    const fs::path own = folder / own_name;
    if (os::exists(own.string())) {
        STANCH_TRY(const std::string text, os::read_file(own.string()));
        STANCH_TRY(ConfigFile file, read_root(text, own));
        return std::optional<ConfigFile>(std::move(file));
    }
    const fs::path python = folder / python_name;
    if (!os::exists(python.string())) return std::nullopt;
    STANCH_TRY(const std::string text, os::read_file(python.string()));
    if (!mentions_stanch(text)) return std::nullopt;
    STANCH_TRY(ConfigFile file, read_root(text, python));
    if (!file.root.exists()) return std::nullopt;
    return std::optional<ConfigFile>(std::move(file));
}

Result<ConfigFile> named(const fs::path& file) {
    STANCH_TRY(const std::string text, os::read_file(file.string()));
    STANCH_TRY(ConfigFile result, read_root(text, file));
    if (!result.root.exists())
        return fail(ErrorKind::invalid, "there is no [tool.stanch] in this file", file.string());
    return result;
}

fs::path start_folder(const std::string& from) {
    std::error_code ignored;
    fs::path start = fs::absolute(from.empty() ? "." : from, ignored).lexically_normal();
    if (!fs::is_directory(start, ignored)) start = start.parent_path();
    // "a/" has an empty last part, which would count as a folder of its own.
    return start.has_filename() ? start : start.parent_path();
}

} // namespace

Result<ConfigFile> load_config(const std::string& from,
                               const std::optional<std::string>& explicit_path) {
    if (explicit_path) return named(*explicit_path);
    const fs::path start = start_folder(from);
    for (fs::path folder = start;; folder = folder.parent_path()) {
        STANCH_TRY(std::optional<ConfigFile> file, in_folder(folder));
        if (file) return std::move(*file);
        if (os::exists((folder / ".git").string()) || folder == folder.root_path()) break;
    }
    ConfigFile none;
    none.directory = start.string();
    return none;
}

} // namespace stanch::cli
