#include "core/manifest.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace stanch {
namespace {

constexpr std::array<std::pair<std::string_view, Access>, 3> access_names{{
    {"read", Access::read},
    {"write", Access::write},
    {"admin", Access::admin},
}};

constexpr std::array<std::pair<std::string_view, ValueType>, 12> type_names{{
    {"string", ValueType::string},
    {"url", ValueType::url},
    {"int", ValueType::integer},
    {"integer", ValueType::integer},
    {"bool", ValueType::boolean},
    {"boolean", ValueType::boolean},
    {"enum", ValueType::enumeration},
    {"email", ValueType::email},
    {"path", ValueType::path},
    {"port", ValueType::port},
    {"json", ValueType::json},
    {"pattern", ValueType::pattern},
}};

template <class Names>
auto lookup(const Names& names, std::string_view word) {
    return std::ranges::find(names, word, [](const auto& entry) { return entry.first; });
}

template <class Names>
std::unexpected<Error> not_one_of(const Names& names, std::string_view key, std::string where) {
    std::string list;
    for (const auto& [name, value] : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return fail(ErrorKind::invalid, "'" + std::string(key) + "' must be one of: " + list,
                std::move(where));
}

bool is_variable_name(std::string_view name) {
    auto word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               (c >= '0' && c <= '9');
    };
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::ranges::all_of(name, word);
}

Result<void> read_shape(Credential& credential, ConfigTable& table) {
    if (const auto type = table.string("type")) {
        const auto* known = lookup(type_names, *type);
        if (known == type_names.end()) return not_one_of(type_names, "type", table.where("type"));
        credential.type = known->second;
    }
    credential.choices = table.strings("choices");
    credential.pattern = table.string("pattern").value_or("");
    credential.required = table.boolean("required").value_or(true);
    credential.sensitive = table.boolean("sensitive").value_or(true);
    credential.default_value = table.string("default");
    if (credential.default_value && credential.sensitive)
        return fail(ErrorKind::invalid, "a sensitive credential can't have a default",
                    table.where("default"), "remove the default, or set sensitive = false");
    if (credential.type == ValueType::enumeration && credential.choices.empty())
        return fail(ErrorKind::invalid, "type \"enum\" needs 'choices'", table.where("type"),
                    "add choices = [\"…\", \"…\"]");
    if (credential.type == ValueType::pattern && credential.pattern.empty())
        return fail(ErrorKind::invalid, "type \"pattern\" needs 'pattern'", table.where("type"));
    return {};
}

Result<Credential> read_credential(std::string name, ConfigTable& table) {
    Credential credential;
    credential.where = table.where();
    if (!is_variable_name(name))
        return fail(ErrorKind::invalid,
                    "a credential is named as its environment variable: letters, digits and '_'",
                    table.where());
    credential.name = std::move(name);
    credential.description = table.string("description").value_or("");
    credential.provider = table.string("provider").value_or("");
    credential.services = table.strings("service");
    if (const auto access = table.string("access")) {
        const auto* known = lookup(access_names, *access);
        if (known == access_names.end())
            return not_one_of(access_names, "access", table.where("access"));
        credential.access = known->second;
    }
    credential.scopes = table.strings("scopes");
    if (const auto age = table.string("rotate")) {
        auto days = parse_days(*age);
        if (!days) {
            days.error().where = table.where("rotate");
            return std::unexpected(days.error());
        }
        credential.rotate = *days;
    }
    credential.vault = table.string("vault").value_or("");
    credential.inject = table.strings("inject");
    credential.environments = table.strings("environments");
    STANCH_CHECK(read_shape(credential, table));
    STANCH_CHECK(table.finish());
    return credential;
}

} // namespace

std::string_view to_string(Access access) {
    const auto known =
        std::ranges::find(access_names, access, [](const auto& entry) { return entry.second; });
    return known == access_names.end() ? "unknown" : known->first;
}

const Credential* Manifest::find(std::string_view name) const {
    const auto at = std::ranges::find(credentials, name, &Credential::name);
    return at == credentials.end() ? nullptr : &*at;
}

Result<Manifest> read_manifest(ConfigTable& root) {
    Manifest manifest;
    ConfigTable section = root.table("credential");
    for (auto& [name, table] : section.named_tables()) {
        STANCH_TRY(Credential credential, read_credential(name, table));
        manifest.credentials.push_back(std::move(credential));
    }
    STANCH_CHECK(section.finish());
    std::ranges::sort(manifest.credentials, {}, &Credential::name);
    return manifest;
}

Result<std::chrono::days> parse_days(std::string_view text) {
    constexpr std::array<std::pair<char, int>, 4> units{
        {{'d', 1}, {'w', 7}, {'m', 30}, {'y', 365}}};
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error == std::errc{} && count > 0 && count < 100'000 &&
        end + 1 == text.data() + text.size())
        for (const auto& [letter, days] : units)
            if (*end == letter) return std::chrono::days{count * days};
    return fail(ErrorKind::invalid, "a duration is a number and d, w, m or y", {}, "write \"90d\"");
}

} // namespace stanch
