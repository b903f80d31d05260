#include "cli/known_files.h"

#include "env/dotenv.h"
#include "env/sensitive.h"
#include "os/file.h"
#include "text/encoding.h"
#include "text/sensitive.h"

namespace stanch::cli {
namespace {

bool matters(std::string_view name, std::string_view value, const Manifest& manifest) {
    if (const Credential* declared = manifest.find(name)) return declared->sensitive;
    return text::looks_sensitive(name, value) || env::is_sensitive(name, value);
}

void add(const std::string& name, Secret value, const std::string& origin,
         std::vector<scan::KnownValue>& known) {
    // The value's own memory, which stays where it is when `known` grows.
    const std::string_view password = text::url_password(value.reveal());
    known.push_back({name, origin, std::move(value)});
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
    env::Document document = env::parse(text.reveal(), env::Dialect::python);
    for (env::Variable& variable : env::variables(std::move(document), env::Dialect::python))
        if (matters(variable.name, variable.value.reveal(), manifest))
            add(variable.name, std::move(variable.value), shown, known);
    return {};
}

} // namespace

Result<std::vector<scan::KnownValue>> known_from_files(const std::string& work_tree,
                                                       const std::vector<std::string>& files,
                                                       const Manifest& manifest) {
    std::vector<scan::KnownValue> known;
    for (const std::string& file : files) {
        const std::string path = work_tree + "/" + file;
        if (os::is_regular_file(path)) STANCH_CHECK(read(path, file, manifest, known));
    }
    return known;
}

} // namespace stanch::cli
