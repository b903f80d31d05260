#include "privilege/granted_parts.h"

#include <nlohmann/json.hpp>

namespace stanch::privilege {
namespace {

using nlohmann::json;

void collect(const json& at, std::string_view path, std::vector<std::string>& out) {
    if (path.empty()) {
        if (at.is_string())
            out.push_back(at.get<std::string>());
        else if (at.is_boolean() || at.is_number())
            out.push_back(at.dump());
        return;
    }
    const std::string name(path.substr(0, path.find('/')));
    const std::string_view rest =
        path.size() > name.size() ? path.substr(name.size() + 1) : std::string_view();
    if (name == "*") {
        if (at.is_array())
            for (const json& item : at)
                collect(item, rest, out);
    } else if (at.is_object() && at.contains(name)) {
        collect(at[name], rest, out);
    }
}

// A member that may be one value or a list of them.
std::vector<std::string> one_or_more(const json& object, const char* name) {
    std::vector<std::string> out;
    if (!object.contains(name)) return out;
    collect(object[name], object[name].is_array() ? "*" : "", out);
    return out;
}

} // namespace

std::vector<std::string> json_texts(std::string_view text, std::string_view path) {
    std::vector<std::string> out;
    const json document = json::parse(text, nullptr, false);
    if (!document.is_discarded()) collect(document, path, out);
    return out;
}

PolicyActions policy_actions(std::string_view document) {
    PolicyActions out;
    const json policy = json::parse(document, nullptr, false);
    if (!policy.is_object() || !policy.contains("Statement")) return out;
    const json& statements = policy["Statement"];
    for (const json& statement : statements.is_array() ? statements : json::array({statements})) {
        if (!statement.is_object()) continue;
        if (statement.value("Effect", json()) != "Allow") {
            out.denies = true;
            continue;
        }
        for (std::string& action : one_or_more(statement, "Action"))
            out.allowed.push_back(std::move(action));
        if (statement.contains("NotAction")) out.allowed.emplace_back("*");
    }
    return out;
}

std::optional<std::vector<std::string>> datadog_scopes(std::string_view text,
                                                       std::string_view last) {
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object() || !document.contains("data") || !document["data"].is_array())
        return std::nullopt;
    for (const json& key : document["data"]) {
        if (!key.is_object() || !key.contains("attributes") || !key["attributes"].is_object())
            continue;
        const json& attributes = key["attributes"];
        if (attributes.value("last4", json()) != last) continue;
        return one_or_more(attributes, "scopes");
    }
    return std::nullopt;
}

} // namespace stanch::privilege
