// Item: its lists, addresses and custom fields.
#include "vault/item/field_names.h"
#include "vault/item/item.h"

#include "text/encoding.h"

#include <algorithm>
#include <map>

namespace stanch::vault {
namespace {

constexpr int hidden = 1;

Json sealed_or_null(const Json& plain, const Key& key) {
    return plain.is_string() ? Json::string(seal_text(plain.text(), key)) : Json();
}

bool names(const Json& object, std::string_view member) {
    return std::ranges::any_of(object.members(),
                               [&](const auto& pair) { return pair.first == member; });
}

Result<bool> says(const Json& sealed, std::string_view plain, const Key& key) {
    if (!sealed.is_string()) return plain.empty();
    STANCH_TRY(const Secret text, open_text(sealed.text(), key));
    return text.reveal() == plain;
}

// The n-th of them that says this; nullopt: there are fewer.
Result<std::optional<std::size_t>> nth(const Json::Array& all, std::string_view member,
                                       std::string_view plain, std::size_t n, const Key& key) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        STANCH_TRY(const bool same, says(all[i][member], plain, key));
        if (same && n-- == 0) return i;
    }
    return std::nullopt;
}

Json address(std::string_view uri, const Key& key) {
    Json entry = Json::object();
    entry.set("uri", Json::string(seal_text(uri, key)));
    entry.set("match", Json());
    // Official clients drop an address of an item with its own key where this is missing or wrong.
    entry.set("uriChecksum", Json::string(seal_text(text::base64_encode(sha256(uri)), key)));
    return entry;
}

Json& list(Json& parent, std::string_view member) {
    Json* found = parent.find(member);
    return found != nullptr && found->is_array() ? *found : parent.set(member, Json::array());
}

} // namespace

Json& Item::login() {
    Json* login = document_.find("login");
    return login != nullptr && login->is_object() ? *login : document_.set("login", Json::object());
}

Result<std::optional<std::size_t>> Item::find_custom(std::string_view name) const {
    const auto& all = document_["fields"].items();
    std::optional<std::size_t> near;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i]["name"].is_null()) continue;
        STANCH_TRY(const Secret plain, open_text(all[i]["name"].text(), key_));
        if (plain.reveal() == name) return i;
        if (!near && canonical(plain.reveal()) == canonical(name)) near = i;
    }
    return near;
}

Result<void> Item::set_uri(const Secret& value) {
    Json entry = address(value.reveal(), key_);
    Json& uris = list(login(), "uris");
    if (uris.items().empty()) {
        uris.push(std::move(entry));
        return {};
    }
    Json& first = uris.items().front();
    first.set("uri", std::move(*entry.find("uri")));
    first.set("uriChecksum", std::move(*entry.find("uriChecksum")));
    return {};
}

Result<void> Item::set_uris(const Json& plain) {
    const Json::Array& old = list(login(), "uris").items();
    std::map<std::string, std::size_t> seen;
    Json all = Json::array();
    for (const Json& entry : plain.items()) {
        const std::string_view uri = entry["uri"].text();
        STANCH_TRY(const auto at, nth(old, "uri", uri, seen[std::string(uri)]++, key_));
        all.push(at ? old[*at] : address(uri, key_));
        if (names(entry, "match")) all.items().back().set("match", entry["match"]);
    }
    login().set("uris", std::move(all));
    return {};
}

void Item::add_custom(const Secret& name, const Secret& value, int type) {
    Json plain = Json::object();
    plain.set("type", Json::number(type));
    plain.set("name", Json::string(name.reveal()));
    plain.set("value", Json::string(value.reveal()));
    add_field(plain);
}

void Item::add_field(const Json& plain) {
    Json entry = Json::object();
    entry.set("type", Json::number(plain["type"].integer().value_or(hidden)));
    entry.set("name", sealed_or_null(plain["name"], key_));
    entry.set("value", sealed_or_null(plain["value"], key_));
    entry.set("linkedId", plain["linkedId"]);
    list(document_, "fields").push(std::move(entry));
}

Result<void> Item::set_custom(std::size_t index, const Json& value) {
    Json& entry = document_.find("fields")->items()[index];
    if (entry["value"].is_string()) {
        STANCH_TRY(const Secret old, open_text(entry["value"].text(), key_));
        if (value.is_string() && old.reveal() == value.text()) return {};
        if (entry["type"].integer() == hidden && !old.empty()) {
            STANCH_TRY(const Secret name, open_text(entry["name"].text(), key_));
            const Secret line(std::string(name.reveal()) + ": " + std::string(old.reveal()));
            remember_old(line.reveal());
        }
    }
    entry.set("value", sealed_or_null(value, key_));
    return {};
}

Result<void> Item::set_fields(const Json& plain) {
    std::map<std::string, std::size_t> seen;
    for (const Json& field : plain.items()) {
        const std::string_view name = field["name"].text();
        STANCH_TRY(const auto at, nth(list(document_, "fields").items(), "name", name,
                                      seen[std::string(name)]++, key_));
        if (!at) {
            add_field(field);
            continue;
        }
        STANCH_CHECK(set_custom(*at, field["value"]));
        Json& entry = document_.find("fields")->items()[*at];
        for (const char* member : {"type", "linkedId"})
            if (names(field, member)) entry.set(member, field[member]);
    }
    return {};
}

} // namespace stanch::vault
