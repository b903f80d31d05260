#include "vault/item/item.h"

#include "text/encoding.h"
#include "vault/item/field_names.h"
#include "vault/item/sealed_json.h"
#include "vault/item/totp.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace stanch::vault {
namespace {

constexpr std::size_t history_kept = 5;
constexpr std::array<std::string_view, 5> type_names{"login", "note", "card", "identity",
                                                     "ssh-key"};
constexpr std::array<std::string_view, 5> type_members{"login", "secureNote", "card", "identity",
                                                       "sshKey"};
constexpr int hidden = 1;

// An item whose whole content is one sealed blob, as the newest clients may write it.
bool is_blob(const Json& document) {
    const std::string_view data = document["data"].text();
    if (data.empty()) return false;
    const auto parsed = Json::parse(data, "data");
    return parsed && !(*parsed)["format_version"].is_null();
}

// Servers before 2024 wrote "Name"; what is sent is always "name".
void to_camel_case(Json& value) {
    if (value.is_array())
        for (Json& item : value.items())
            to_camel_case(item);
    if (!value.is_object()) return;
    for (auto& [name, content] : value.members()) {
        if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z')
            name[0] = static_cast<char>(name[0] + 32);
        to_camel_case(content);
    }
}

bool is_pascal_case(const Json& document) {
    return std::ranges::any_of(document.members(),
                               [](const auto& member) { return member.first == "Id"; });
}

std::string timestamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    static_cast<void>(gmtime_r(&now, &utc));
    std::array<char, 32> text{};
    const std::size_t size =
        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.000Z", &utc);
    return {text.data(), size};
}

bool is_uri(std::string_view field) {
    const std::string wanted = canonical(field);
    return wanted == "uri" || wanted == "url";
}

} // namespace

std::string type_name(int type) {
    if (type >= 1 && type <= static_cast<int>(type_names.size()))
        return std::string(type_names[static_cast<std::size_t>(type - 1)]);
    return "type " + std::to_string(type);
}

std::optional<ItemType> parse_type(std::string_view name) {
    const auto at = std::ranges::find(type_names, name);
    if (at == type_names.end()) return std::nullopt;
    return static_cast<ItemType>(at - type_names.begin() + 1);
}

Result<Item> Item::open(Json document, const Key& owner_key) {
    if (is_pascal_case(document)) to_camel_case(document);
    if (is_blob(document))
        return fail(ErrorKind::refused,
                    "the item is in a newer format (one sealed blob) that this version can't read",
                    {}, "it is left untouched; use the official client for it");
    const std::string_view wrapped = document["key"].text();
    if (wrapped.empty()) return Item(std::move(document), owner_key.copy());
    STANCH_TRY(Key key, open_key(wrapped, owner_key));
    return Item(std::move(document), std::move(key));
}

Item Item::create(ItemType type, const Secret& name, const Key& owner_key, bool own_key) {
    Item item(Json::object(), own_key ? Key::random() : owner_key.copy());
    Json& d = item.document_;
    d.set("type", Json::number(static_cast<int>(type)));
    d.set("name", Json::string(seal_text(name.reveal(), item.key_)));
    d.set("notes", Json());
    d.set("favorite", Json::boolean(false));
    d.set("reprompt", Json::number(0));
    Json& content = d.set(type_members.at(static_cast<std::size_t>(type) - 1), Json::object());
    if (type == ItemType::note) content.set("type", Json::number(0));
    d.set("fields", Json::array());
    d.set("passwordHistory", Json());
    if (own_key) d.set("key", Json::string(seal_text(item.key_.reveal(), owner_key)));
    return item;
}

std::vector<std::string> Item::collection_ids() const {
    std::vector<std::string> ids;
    for (const Json& id : document_["collectionIds"].items())
        ids.emplace_back(id.text());
    return ids;
}

Result<Secret> Item::name() const {
    return open_text(document_["name"].text(), key_);
}

const Json* Item::find_builtin(std::string_view field) const {
    if (is_uri(field) && type() == 1) {
        const Json& login = document_["login"];
        const auto& uris = login["uris"].items();
        return uris.empty() ? &login["uri"] : &uris.front()["uri"];
    }
    const FieldPlace* place = find_place(type(), field);
    if (place == nullptr) return nullptr;
    return place->parent.empty() ? &document_[place->member]
                                 : &document_[place->parent][place->member];
}

std::unexpected<Error> Item::no_field(std::string_view field) const {
    std::string known;
    if (const auto names = fields())
        for (const std::string& name : *names)
            known += (known.empty() ? "" : ", ") + name;
    return fail(ErrorKind::not_found,
                field.empty() ? "say which field of the item"
                              : "the item has no field '" + std::string(field) + "'",
                {}, known.empty() ? "" : "it has: " + known);
}

Result<Secret> Item::value(std::string_view field) const {
    if (field.empty()) field = main_field(type());
    if (field.empty()) return no_field("");
    const bool custom_only = field.starts_with("field:");
    if (custom_only) field.remove_prefix(6);
    if (!custom_only) {
        if (canonical(field) == "totp" && type() == 1 && document_["login"]["totp"].is_string()) {
            STANCH_TRY(const Secret seed, open_text(document_["login"]["totp"].text(), key_));
            return totp_code(seed, std::time(nullptr));
        }
        const Json* place = find_builtin(field);
        if (place != nullptr && place->is_string()) return open_text(place->text(), key_);
    }
    STANCH_TRY(const auto custom, find_custom(field));
    if (!custom) return no_field(field);
    const Json& value = document_["fields"].items()[*custom]["value"];
    if (value.is_null()) return Secret();
    return open_text(value.text(), key_);
}

Result<std::vector<std::string>> Item::fields() const {
    std::vector<std::string> names;
    for (const FieldPlace& place : field_places()) {
        if (place.name == "text" || place.name == "fingerprint") continue; // second names
        const Json& at =
            place.parent.empty() ? document_[place.member] : document_[place.parent][place.member];
        if ((place.type == 0 || place.type == type()) && at.is_string())
            names.emplace_back(place.name);
        if (place.name == "totp-seed" && type() == 1 && at.is_string()) names.emplace_back("totp");
    }
    if (const Json* uri = find_builtin("uri"); uri != nullptr && uri->is_string())
        names.emplace_back("uri");
    for (const Json& custom : document_["fields"].items()) {
        if (custom["name"].is_null()) continue;
        STANCH_TRY(const Secret name, open_text(custom["name"].text(), key_));
        names.emplace_back(name.reveal());
    }
    return names;
}

Result<std::vector<Attachment>> Item::attachments() const {
    std::vector<Attachment> all;
    for (const Json& json : document_["attachments"].items()) {
        STANCH_TRY(const Secret name, open_text(json["fileName"].text(), key_));
        all.push_back({std::string(json["id"].text()), std::string(name.reveal()),
                       std::string(json["key"].text()), json["size"].integer().value_or(0)});
    }
    return all;
}

Result<Json> Item::plain() const {
    return opened(document_, key_);
}

Json* Item::builtin(std::string_view field, bool create) {
    const FieldPlace* place = find_place(type(), field);
    if (place == nullptr) return nullptr;
    Json* parent = &document_;
    if (!place->parent.empty()) {
        parent = document_.find(place->parent);
        if (parent == nullptr || parent->is_null())
            parent = &document_.set(place->parent, Json::object());
    }
    Json* member = parent->find(place->member);
    if (member == nullptr && create) member = &parent->set(place->member, Json());
    return member;
}

void Item::remember_old(std::string_view old) {
    Json entry = Json::object();
    entry.set("password", Json::string(seal_text(old, key_)));
    entry.set("lastUsedDate", Json::string(timestamp()));
    Json* history = document_.find("passwordHistory");
    if (history == nullptr) history = &document_.set("passwordHistory", Json::array());
    auto& entries = history->items();
    entries.insert(entries.begin(), std::move(entry));
    if (entries.size() > history_kept) entries.resize(history_kept);
}

Result<void> Item::set(std::string_view field, const Secret& value) {
    if (field.empty()) field = main_field(type());
    if (field.empty()) return no_field("");
    if (canonical(field) == "name" && value.empty())
        return fail(ErrorKind::usage, "an item needs a name");
    const bool custom_only = field.starts_with("field:");
    if (custom_only) field.remove_prefix(6);
    if (!custom_only && type() == 1 && is_uri(field)) return set_uri(value);
    if (!custom_only && type() == 1 && canonical(field) == "totp") field = "totp-seed";
    if (Json* member = custom_only ? nullptr : builtin(field, true)) {
        const bool is_password = type() == 1 && canonical(field) == "password";
        if (member->is_string()) {
            STANCH_TRY(const Secret old, open_text(member->text(), key_));
            if (old.equals(value)) return {};
            if (is_password && !old.empty()) {
                remember_old(old.reveal());
                document_.find("login")->set("passwordRevisionDate", Json::string(timestamp()));
                member = builtin(field, true); // set may have moved it
            }
        }
        *member = Json::string(seal_text(value.reveal(), key_));
        return {};
    }
    STANCH_TRY(const auto custom, find_custom(field));
    if (!custom) {
        add_custom(Secret(field), value, hidden);
        return {};
    }
    return set_custom(*custom, Json::string(value.reveal()));
}

Result<void> Item::remove(std::string_view field) {
    if (Json* member = builtin(field, false);
        member != nullptr && !member->is_null() && canonical(field) != "name") {
        *member = Json();
        return {};
    }
    STANCH_TRY(const auto custom, find_custom(field));
    if (!custom) return no_field(field);
    auto& all = document_.find("fields")->items();
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(*custom));
    return {};
}

Result<void> Item::rewrap(const Key& new_owner_key, std::string_view organization_id) {
    document_.set("organizationId", Json::string(organization_id));
    if (document_["key"].is_string()) {
        document_.set("key", Json::string(seal_text(key_.reveal(), new_owner_key)));
        return {};
    }
    STANCH_CHECK(transcrypt(document_, key_, new_owner_key));
    key_ = new_owner_key.copy();
    return {};
}

Json Item::request(std::string_view encrypted_for) const {
    Json out = document_;
    for (const char* member :
         {"id", "object", "creationDate", "revisionDate", "deletedDate", "edit", "viewPassword",
          "permissions", "organizationUseTotp", "collectionIds", "attachments"})
        out.erase(member);
    if (Json* login = out.find("login"); login != nullptr && !(*login)["uris"].items().empty())
        login->erase("uri");
    if (!document_["revisionDate"].is_null())
        out.set("lastKnownRevisionDate", document_["revisionDate"]);
    Json names = Json::object();
    Json whole = Json::object();
    for (const Json& attachment : document_["attachments"].items()) {
        const std::string_view id = attachment["id"].text();
        names.set(id, attachment["fileName"]);
        Json both = Json::object();
        both.set("fileName", attachment["fileName"]);
        both.set("key", attachment["key"]);
        whole.set(id, std::move(both));
    }
    out.set("attachments", std::move(names));
    out.set("attachments2", std::move(whole));
    out.set("encryptedFor", Json::string(encrypted_for));
    return out;
}

} // namespace stanch::vault
