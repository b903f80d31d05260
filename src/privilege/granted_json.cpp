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

} // namespace

std::vector<std::string> json_texts(std::string_view text, std::string_view path) {
    std::vector<std::string> out;
    const json document = json::parse(text, nullptr, false);
    if (!document.is_discarded()) collect(document, path, out);
    return out;
}

} // namespace stanch::privilege
