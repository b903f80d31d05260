#include "vault/store/snapshot.h"

#include "vault/crypto/rsa.h"
#include "vault/crypto/sealed.h"

#include <algorithm>
#include <ctime>

namespace stanch::vault {
namespace {

struct Owners {
    std::vector<std::string> ids;
    std::vector<Key> keys;
};

std::string binary(const Json& sealed) {
    auto bytes = text_to_bytes(sealed.text());
    return bytes ? std::move(*bytes) : std::string();
}

Owners open_organizations(CacheContent& content, const Json& profile, const Key& user_key,
                          const Secret& private_key) {
    Owners owners;
    for (const Json& organization : profile["organizations"].items()) {
        auto key = open_rsa(organization["key"].text(), private_key);
        if (!key) continue;
        const std::string id(organization["id"].text());
        content.organizations.push_back({id, seal_bytes(key->reveal(), user_key)});
        owners.ids.push_back(id);
        owners.keys.push_back(std::move(*key));
    }
    return owners;
}

Entry index_of(const Json& cipher) {
    Entry entry;
    entry.id = cipher["id"].text();
    entry.type = static_cast<std::uint8_t>(cipher["type"].integer().value_or(0));
    entry.deleted = !cipher["deletedDate"].is_null();
    entry.folder_id = cipher["folderId"].text();
    for (const Json& id : cipher["collectionIds"].items())
        entry.collection_ids.emplace_back(id.text());
    entry.item_key = binary(cipher["key"]);
    entry.name = binary(cipher["name"]);
    entry.username = binary(cipher["login"]["username"]);
    return entry;
}

// The name in plain text for its keyed hash, or nothing where it can't be opened.
Result<Secret> open_name(const Entry& entry, bool has_key, const Key& owner) {
    if (!has_key) return open_bytes(entry.name, owner);
    STANCH_TRY(const Secret bytes, open_bytes(entry.item_key, owner));
    STANCH_TRY(const Key key, Key::from(bytes.reveal()));
    return open_bytes(entry.name, key);
}

CacheItem item_of(const Json& cipher, const Owners& owners, const Key& user_key) {
    CacheItem item;
    item.entry = index_of(cipher);
    item.body = cipher.dump();
    const std::string_view organization = cipher["organizationId"].text();
    const Key* owner = organization.empty() ? &user_key : nullptr;
    if (const auto at = std::ranges::find(owners.ids, organization); at != owners.ids.end()) {
        item.entry.organization = static_cast<std::int32_t>(at - owners.ids.begin());
        owner = &owners.keys[static_cast<std::size_t>(at - owners.ids.begin())];
    }
    if (owner == nullptr) return item;
    auto name = open_name(item.entry, !cipher["key"].is_null(), *owner);
    item.entry.readable = name.has_value();
    if (name) item.plain_name = std::move(*name);
    return item;
}

} // namespace

CacheContent snapshot(const Json& answer, const Key& user_key, const Secret& private_key) {
    CacheContent content;
    content.synced_at = std::time(nullptr);
    const Owners owners = open_organizations(content, answer["profile"], user_key, private_key);
    for (const Json& cipher : answer["ciphers"].items())
        content.items.push_back(item_of(cipher, owners, user_key));
    content.places = Json::object();
    for (const char* part : {"profile", "folders", "collections", "policies", "sends"})
        content.places.set(part, answer[part]);
    return content;
}

} // namespace stanch::vault
