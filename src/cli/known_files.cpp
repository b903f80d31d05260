#include "cli/known_files.h"

#include "env/dotenv.h"
#include "os/directory.h"
#include "os/file.h"
#include "text/encoding.h"
#include "text/sensitive.h"

#include <algorithm>
#include <array>
#include <set>

namespace stanch::cli {
namespace {

bool holds_values(std::string_view name) {
    constexpr std::array<std::string_view, 5> for_everybody{"example", "sample", "template", "dist",
                                                            "schema"};
    if (name != ".env" && !name.starts_with(".env.")) return false;
    return std::ranges::none_of(for_everybody, [&](std::string_view word) {
        return name.find(word) != std::string_view::npos;
    });
}

std::set<std::string> with_parents(const std::vector<std::string>& folders) {
    std::set<std::string> all{""};
    for (std::string folder : folders)
        while (!folder.empty() && all.insert(folder).second) {
            const std::size_t slash = folder.rfind('/');
            folder.resize(slash == std::string::npos ? 0 : slash);
        }
    return all;
}

bool matters(std::string_view name, std::string_view value, const Manifest& manifest) {
    if (const Credential* declared = manifest.find(name)) return declared->sensitive;
    return text::looks_sensitive(name, value);
}

void add(const std::string& name, std::string_view value, const std::string& origin,
         std::vector<scan::KnownValue>& known) {
    known.push_back({name, origin, Secret(value)});
    const std::string_view password = text::url_password(value);
    if (password.empty()) return;
    known.push_back({name + " (password)", origin, Secret(password)});
    auto decoded = text::percent_decode(password);
    if (!decoded) return;
    if (*decoded != password) known.push_back({name + " (password)", origin, Secret(*decoded)});
    wipe(*decoded);
}

Result<void> read(const std::string& path, const std::string& shown, const Manifest& manifest,
                  std::vector<scan::KnownValue>& known) {
    STANCH_TRY(const Secret text, os::read_secret_file(path));
    const env::Document document = env::parse(text.reveal(), env::Dialect::python);
    for (const env::Variable& variable : env::variables(document, env::Dialect::python))
        if (matters(variable.name, variable.value.reveal(), manifest))
            add(variable.name, variable.value.reveal(), shown, known);
    return {};
}

} // namespace

Result<std::vector<scan::KnownValue>> known_from_files(const std::string& work_tree,
                                                       const std::vector<std::string>& folders,
                                                       const Manifest& manifest) {
    std::vector<scan::KnownValue> known;
    for (const std::string& folder : with_parents(folders)) {
        const std::string path = folder.empty() ? work_tree : work_tree + "/" + folder;
        // A folder that is staged but not in the work tree has no .env files.
        if (!os::is_directory(path)) continue;
        STANCH_TRY(const auto entries, os::list_directory(path));
        for (const os::DirectoryEntry& entry : entries) {
            if (!holds_values(entry.name) || entry.kind == os::FileKind::directory) continue;
            const std::string shown = folder.empty() ? entry.name : folder + "/" + entry.name;
            STANCH_CHECK(read(path + "/" + entry.name, shown, manifest, known));
        }
    }
    return known;
}

} // namespace stanch::cli
