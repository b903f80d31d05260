#include "vault/edit.h"

#include "vault/item/field_names.h"

#include <algorithm>
#include <sodium.h>

namespace stanch::vault {
namespace {

Result<void> set_or_remove(Item& item, std::string_view field, const Json& value) {
    if (value.is_string()) return item.set(field, Secret(value.text()));
    if (!value.is_null())
        return fail(ErrorKind::usage, "'" + std::string(field) + "' must be a string or null");
    const auto removed = item.remove(field);
    if (!removed && removed.error().kind != ErrorKind::not_found) return removed;
    return {};
}

Result<void> apply_content(Item& item, std::string_view parent, const Json& content) {
    for (const auto& [member, value] : content.members()) {
        const auto place = std::ranges::find_if(field_places(), [&](const FieldPlace& p) {
            return p.parent == parent && p.member == member && p.type == item.type();
        });
        if (place != field_places().end()) STANCH_CHECK(set_or_remove(item, place->name, value));
    }
    for (const Json& uri : content["uris"].items())
        if (!uri["uri"].is_string())
            return fail(ErrorKind::usage, "an entry of 'uris' needs a 'uri'");
    return content["uris"].is_array() ? item.set_uris(content["uris"]) : Result<void>();
}

Result<void> apply_fields(Item& item, const Json& fields) {
    for (const Json& field : fields.items()) {
        const Json& name = field["name"];
        const Json& value = field["value"];
        if (!(name.is_string() || name.is_null()) || !(value.is_string() || value.is_null()))
            return fail(ErrorKind::usage, "a custom field's name and value are strings");
    }
    return item.set_fields(fields);
}

} // namespace

Result<void> apply_plain(Item& item, const Json& plain) {
    if (!plain.is_object()) return fail(ErrorKind::usage, "an item is a JSON object");
    for (const auto& [member, value] : plain.members()) {
        if (member == "favorite" || member == "reprompt") {
            item.set_plain(member, value);
            continue;
        }
        auto applied = member == "name" || member == "notes" ? set_or_remove(item, member, value)
                       : member == "fields"                  ? apply_fields(item, value)
                       : value.is_object()                   ? apply_content(item, member, value)
                                                             : Result<void>();
        if (!applied) return applied;
    }
    return {};
}

Secret generated_password() {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    Secret password = Secret::zeroed(32);
    for (char& c : password.writable())
        c = letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
    return password;
}

} // namespace stanch::vault
