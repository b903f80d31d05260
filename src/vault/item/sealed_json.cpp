#include "vault/item/sealed_json.h"

#include <algorithm>
#include <functional>

namespace stanch::vault {
namespace {

using Change = std::function<Result<void>(Json& text, bool is_key)>;

Result<void> walk(Json& value, const Change& change, const std::string& name) {
    if (value.is_string() && looks_sealed(value.text())) {
        auto changed = change(value, name == "key");
        if (!changed) changed.error().where = name;
        return changed;
    }
    if (value.is_array())
        for (Json& item : value.items())
            STANCH_CHECK(walk(item, change, name));
    if (value.is_object())
        for (auto& [member, content] : value.members())
            STANCH_CHECK(walk(content, change, member));
    return {};
}

} // namespace

bool looks_sealed(std::string_view text) {
    return text.starts_with("2.") && std::ranges::count(text, '|') == 2;
}

Result<Json> opened(const Json& document, const Key& key) {
    Json plain = document;
    STANCH_CHECK(walk(
        plain,
        [&](Json& text, bool is_key) -> Result<void> {
            if (is_key) return {};
            STANCH_TRY(const Secret value, open_text(text.text(), key));
            text = Json::string(value.reveal());
            return {};
        },
        "item"));
    return plain;
}

Result<void> transcrypt(Json& document, const Key& from, const Key& to) {
    return walk(
        document,
        [&](Json& text, bool) -> Result<void> {
            STANCH_TRY(const Secret value, open_text(text.text(), from));
            text = Json::string(seal_text(value.reveal(), to));
            return {};
        },
        "item");
}

} // namespace stanch::vault
