#include "cli/known_files.h"

#include "env/dotenv.h"
#include "env/sensitive.h"
#include "os/file.h"
#include "text/encoding.h"
#include "text/sensitive.h"

namespace stanch::cli {
namespace {

void add_passwords(const std::string& name, std::string_view password, const std::string& origin,
                   std::vector<scan::KnownValue>& known) {
    known.push_back({name + " (password)", origin, SecretPart(Secret(password))});
    auto decoded = text::percent_decode(password);
    if (!decoded) return;
    if (*decoded != password)
        known.push_back({name + " (password)", origin, SecretPart(Secret(*decoded))});
    wipe(*decoded);
}

Result<void> read(const std::string& path, const std::string& shown, const Manifest& manifest,
                  std::vector<scan::KnownValue>& known) {
    STANCH_TRY(Secret content, os::read_secret_file(path));
    const auto text = std::make_shared<const Secret>(std::move(content));
    std::vector<env::Setting> settings = env::settings(text);
    known.reserve(known.size() + settings.size());
    for (env::Setting& setting : settings) {
        scan::KnownValue value{std::move(setting.name), shown, std::move(setting.value), false};
        const std::string_view password = text::url_password(value.value.reveal());
        if (!password.empty() && is_known_secret(value, manifest))
            add_passwords(value.name, password, shown, known);
        known.push_back(std::move(value));
    }
    return {};
}

} // namespace

bool is_known_secret(const scan::KnownValue& known, const Manifest& manifest) {
    const std::string_view value = known.value.reveal();
    if (const Credential* declared = manifest.find(known.name)) return declared->sensitive;
    return text::looks_sensitive(known.name, value) || env::is_sensitive(known.name, value);
}

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
