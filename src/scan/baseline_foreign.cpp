#include "scan/baseline_foreign.h"

#include "text/encoding.h"

#include <array>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <optional>

namespace stanch::scan {
namespace {

using Json = nlohmann::json;

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr);
    return text::hex_encode({reinterpret_cast<const char*>(out.data()), size});
}

std::string string_at(const Json& object, const std::string& pointer) {
    const Json::json_pointer path(pointer);
    return object.contains(path) && object.at(path).is_string() ? object.at(path).get<std::string>()
                                                                : std::string();
}

std::size_t number_at(const Json& object, const std::string& pointer) {
    const Json::json_pointer path(pointer);
    return object.contains(path) && object.at(path).is_number_unsigned()
               ? object.at(path).get<std::size_t>()
               : 0;
}

void know_secret(ForeignEntry& entry, std::string secret) {
    // What these scanners write in place of a value.
    if (!secret.empty() && secret != "REDACTED" && secret != "[REDACTED]" &&
        !secret.ends_with("...") && !secret.starts_with("[REDACTED:"))
        entry.sha256 = sha256_hex(secret);
    wipe(secret);
}

ForeignEntry gitleaks(const Json& object) {
    ForeignEntry entry;
    entry.rule = string_at(object, "/RuleID");
    entry.path = string_at(object, "/File");
    entry.line = number_at(object, "/StartLine");
    know_secret(entry, string_at(object, "/Secret"));
    return entry;
}

ForeignEntry kingfisher(const Json& object) {
    ForeignEntry entry;
    entry.rule = string_at(object, "/rule/id");
    entry.path = string_at(object, "/finding/path");
    entry.line = number_at(object, "/finding/line");
    know_secret(entry, string_at(object, "/finding/snippet"));
    return entry;
}

ForeignEntry trufflehog(const Json& object) {
    ForeignEntry entry;
    entry.rule = string_at(object, "/DetectorName");
    for (const char* source : {"Git", "Filesystem", "Github", "Gitlab"}) {
        const std::string data = std::string("/SourceMetadata/Data/") + source;
        if (entry.path.empty()) entry.path = string_at(object, data + "/file");
        if (entry.line == 0) entry.line = number_at(object, data + "/line");
    }
    know_secret(entry, string_at(object, "/Raw"));
    return entry;
}

// nullopt: not an object of a scanner that we know.
std::optional<ForeignEntry> one(const Json& object) {
    if (!object.is_object()) return std::nullopt;
    if (object.contains("RuleID")) return gitleaks(object);
    if (object.contains("rule") && object.contains("finding")) return kingfisher(object);
    if (object.contains("DetectorName")) return trufflehog(object);
    return std::nullopt;
}

std::vector<ForeignEntry> detect_secrets(const Json& results) {
    std::vector<ForeignEntry> entries;
    for (const auto& [file, list] : results.items()) {
        if (!list.is_array()) continue;
        for (const Json& item : list) {
            ForeignEntry entry;
            entry.path = file;
            entry.rule = string_at(item, "/type");
            entry.sha1 = string_at(item, "/hashed_secret");
            entry.line = number_at(item, "/line_number");
            entries.push_back(std::move(entry));
        }
    }
    return entries;
}

// kingfisher wraps its list: {"findings": […]}.
const Json* list_in(const Json& document) {
    if (document.is_array()) return &document;
    if (document.is_object() && document.contains("findings") && document["findings"].is_array())
        return &document["findings"];
    return nullptr;
}

std::unexpected<Error> unknown(const std::string& where) {
    return fail(ErrorKind::invalid, "not a baseline, nor a report that can be read as one", where,
                "ours, gitleaks' JSON, .secrets.baseline, kingfisher's or trufflehog's JSON");
}

Result<std::vector<ForeignEntry>> lines(std::string_view text, const std::string& name) {
    std::vector<ForeignEntry> entries;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        auto entry = one(Json::parse(line, nullptr, false));
        if (!entry) return unknown(name + ":" + std::to_string(number));
        entries.push_back(*std::move(entry));
    }
    return entries;
}

} // namespace

std::string sha256_hex(std::string_view bytes) {
    return digest(EVP_sha256(), bytes);
}
std::string sha1_hex(std::string_view bytes) {
    return digest(EVP_sha1(), bytes);
}

Result<std::vector<ForeignEntry>> parse_foreign(std::string_view text, const std::string& name) {
    const Json document = Json::parse(text, nullptr, false);
    if (document.is_discarded()) return lines(text, name);
    if (document.is_object() && document.contains("plugins_used") && document.contains("results") &&
        document["results"].is_object())
        return detect_secrets(document["results"]);
    std::vector<ForeignEntry> entries;
    const Json* list = list_in(document);
    if (list == nullptr) {
        if (auto entry = one(document)) return std::vector<ForeignEntry>{*std::move(entry)};
        return unknown(name);
    }
    for (const Json& object : *list) {
        auto entry = one(object);
        if (!entry) return unknown(name);
        entries.push_back(*std::move(entry));
    }
    return entries;
}

} // namespace stanch::scan
