// Vault: the cache, and finding things in it.
#include "vault/vault.h"

#include "os/file.h"
#include "os/store.h"
#include "vault/item/field_names.h"
#include "vault/store/snapshot.h"
#include "vault/wire/id.h"

#include <algorithm>
#include <array>
#include <thread>

namespace stanch::vault {
namespace {

constexpr std::size_t parallel_from =
    1000; // items; under it a second thread costs more than it saves

Result<Secret> open_indexed(const std::string& sealed, const Entry& entry, const Key& owner) {
    if (entry.item_key.empty()) return open_bytes(sealed, owner);
    STANCH_TRY(const Secret bytes, open_bytes(entry.item_key, owner));
    STANCH_TRY(const Key key, Key::from(bytes.reveal()));
    return open_bytes(sealed, key);
}

std::map<std::string, std::string> names_of(const Json& list) {
    std::map<std::string, std::string> names;
    for (const Json& entry : list.items())
        names.emplace(entry["id"].text(), entry["name"].text());
    return names;
}

template <class Place>
Result<Place> one_named(const std::vector<Place>& all, const std::string& name,
                        const std::string& kind) {
    std::vector<const Place*> found;
    std::string names;
    for (const Place& place : all) {
        if (place.id == name || place.name == name) found.push_back(&place);
        names += (names.empty() ? "" : ", ") + place.name;
    }
    if (found.size() == 1) return *found.front();
    if (found.empty())
        return fail(ErrorKind::not_found, "there is no " + kind + " '" + name + "'", {},
                    names.empty() ? "you have none" : "there are: " + names);
    return fail(ErrorKind::usage,
                "there are " + std::to_string(found.size()) + " of the name '" + name + "'", {},
                "name it by its id");
}

} // namespace

Result<const Cache*> Vault::cache() {
    if (cache_) return cache_.get();
    STANCH_TRY(const Key* key, user_key());
    auto opened = Cache::open(place_.cache_file(), *key, account_.user_id);
    if (opened) {
        cache_ = std::make_unique<Cache>(std::move(*opened));
        return cache_.get();
    }
    // Absent, cut short or tampered with: what it held is not used, but fetched again.
    STANCH_TRY(const bool fetched, sync(true));
    if (!fetched || !cache_)
        return fail(ErrorKind::unavailable, "the vault cannot be cached", place_.cache_file());
    return cache_.get();
}

Result<void> Vault::take_account(const Json& answer) {
    const Json& profile = answer["profile"];
    if (plain_id(profile["id"].text()) != plain_id(account_.user_id))
        return fail(ErrorKind::refused, "the server answers for another account", {},
                    "run 'stanch vault login'");
    const std::string_view stamp = profile["securityStamp"].text();
    if (!account_.stamp.empty() && !stamp.empty() && plain_id(stamp) != plain_id(account_.stamp)) {
        STANCH_CHECK(logout());
        return fail(ErrorKind::refused,
                    "the account's password or keys were changed, so this session has ended", {},
                    "run 'stanch vault login'");
    }
    const Json& wrapped = profile["accountKeys"]["publicKeyEncryptionKeyPair"]["wrappedPrivateKey"];
    const std::string_view private_key =
        wrapped.is_null() ? profile["privateKey"].text() : wrapped.text();
    if (!profile["accountKeys"]["signatureKeyPair"].is_null())
        return fail(
            ErrorKind::refused,
            "this account now uses account encryption version 2, which stanch does not support yet",
            {}, "use the official client for this account");
    if (private_key.empty() || private_key == account_.private_key) return {};
    account_.private_key = private_key;
    return account_.save(place_);
}

Result<void> Vault::store(const Json& answer, std::int64_t revision) {
    const Json& ciphers = answer["ciphers"]; // some write null for an empty list
    if (!answer["profile"].is_object() || !(ciphers.is_array() || ciphers.is_null()))
        return fail(ErrorKind::invalid, "the server's sync answer is not one",
                    net::origin(account_.server), "nothing was changed here");
    STANCH_CHECK(take_account(answer));
    STANCH_TRY(const Key* key, user_key());
    Secret rsa;
    if (!answer["profile"]["organizations"].items().empty()) {
        STANCH_TRY(rsa, private_key());
    }
    CacheContent content = snapshot(answer, *key, rsa);
    content.revision = revision;
    STANCH_CHECK(os::make_directories(place_.cache));
    STANCH_CHECK(os::make_directories(place_.data));
    {
        STANCH_TRY(const os::Descriptor lock, os::lock_file(place_.lock_file()));
        STANCH_CHECK(write_cache(place_.cache_file(), content, *key, account_.user_id));
    }
    organization_keys_.clear();
    STANCH_TRY(Cache fresh, Cache::open(place_.cache_file(), *key, account_.user_id));
    cache_ = std::make_unique<Cache>(std::move(fresh));
    return {};
}

Result<bool> Vault::sync(bool force) {
    STANCH_TRY(const Key* key, user_key());
    STANCH_TRY(Api * api, online());
    STANCH_TRY(const Json date, api->expect("GET", "/accounts/revision-date"));
    const std::int64_t revision = date.integer().value_or(0);
    if (revision < 0) {
        STANCH_CHECK(logout());
        return fail(ErrorKind::refused, "the server no longer has this account");
    }
    if (!force && !cache_) {
        if (auto opened = Cache::open(place_.cache_file(), *key, account_.user_id))
            cache_ = std::make_unique<Cache>(std::move(*opened));
    }
    if (!force && cache_ && revision != 0 && cache_->revision() == revision) return false;
    STANCH_TRY(const Json answer, api->expect("GET", "/sync?excludeDomains=true"));
    STANCH_CHECK(store(answer, revision));
    return true;
}

Result<std::int64_t> Vault::last_sync() {
    STANCH_TRY(const Key* key, user_key());
    STANCH_TRY(const Cache held, Cache::open(place_.cache_file(), *key, account_.user_id));
    return held.synced_at();
}

Result<Json> Vault::places() {
    STANCH_TRY(const Cache* held, cache());
    return held->places();
}

Result<std::vector<Listed>> Vault::list(bool usernames) {
    STANCH_TRY(const Cache* held, cache());
    STANCH_TRY(const std::vector<Entry> entries, held->entries());
    STANCH_TRY(const Json places, held->places());
    const auto organizations = names_of(places["profile"]["organizations"]);
    std::map<std::string, std::string> collection_names;
    std::map<std::string, std::string> folder_names;
    STANCH_TRY(const auto all_collections, collections());
    for (const Collection& c : all_collections)
        collection_names.emplace(c.id, c.name);
    STANCH_TRY(const auto all_folders, folders());
    for (const Folder& f : all_folders)
        folder_names.emplace(f.id, f.name);

    std::vector<const Key*> owners;
    for (const CachedOrganization& o : held->organizations()) {
        STANCH_TRY(const Key* key, owner_key(o.id));
        owners.push_back(key);
    }
    STANCH_TRY(const Key* user, user_key());
    std::vector<Listed> out(entries.size());
    const auto fill = [&](std::size_t from, std::size_t step) {
        for (std::size_t i = from; i < entries.size(); i += step) {
            const Entry& e = entries[i];
            Listed& l = out[i];
            l.slot = i;
            l.id = e.id;
            l.type = e.type;
            l.deleted = e.deleted;
            l.readable = e.readable;
            if (!e.readable) continue;
            const Key& owner =
                e.organization < 0 ? *user : *owners.at(static_cast<std::size_t>(e.organization));
            auto name = open_indexed(e.name, e, owner);
            l.readable = name.has_value();
            if (name) l.name = std::move(*name);
            if (usernames && !e.username.empty())
                if (auto username = open_indexed(e.username, e, owner))
                    l.username = std::move(*username);
        }
    };
    if (entries.size() < parallel_from)
        fill(0, 1);
    else {
        std::thread other(fill, 1, 2);
        fill(0, 2);
        other.join();
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Entry& e = entries[i];
        if (e.organization >= 0)
            if (const auto at = organizations.find(
                    held->organizations()[static_cast<std::size_t>(e.organization)].id);
                at != organizations.end())
                out[i].organization = at->second;
        if (const auto at = folder_names.find(e.folder_id); at != folder_names.end())
            out[i].folder = at->second;
        for (const std::string& id : e.collection_ids)
            if (const auto at = collection_names.find(id); at != collection_names.end())
                out[i].collections.push_back(at->second);
    }
    return out;
}

Result<std::vector<Organization>> Vault::organizations() {
    STANCH_TRY(const Json all, places());
    std::vector<Organization> out;
    for (const Json& o : all["profile"]["organizations"].items())
        out.push_back({std::string(o["id"].text()), std::string(o["name"].text()),
                       static_cast<int>(o["type"].integer().value_or(2)),
                       std::string(o["organizationUserId"].text())});
    return out;
}

Result<std::vector<Collection>> Vault::collections() {
    STANCH_TRY(const Json all, places());
    std::vector<Collection> out;
    for (const Json& c : all["collections"].items()) {
        const std::string organization(c["organizationId"].text());
        const auto key = owner_key(organization);
        if (!key) continue;
        const auto name = open_text(c["name"].text(), **key);
        out.push_back({std::string(c["id"].text()), organization,
                       name ? std::string(name->reveal()) : "(unreadable)"});
    }
    return out;
}

Result<std::vector<Folder>> Vault::folders() {
    STANCH_TRY(const Json all, places());
    STANCH_TRY(const Key* key, user_key());
    std::vector<Folder> out;
    for (const Json& f : all["folders"].items()) {
        const auto name = open_text(f["name"].text(), *key);
        out.push_back(
            {std::string(f["id"].text()), name ? std::string(name->reveal()) : "(unreadable)"});
    }
    return out;
}

Result<Collection> Vault::find_collection(const std::string& name) {
    STANCH_TRY(const auto all, collections());
    return one_named(all, name, "collection");
}

Result<Folder> Vault::find_folder(const std::string& name) {
    STANCH_TRY(const auto all, folders());
    return one_named(all, name, "folder");
}

Result<Organization> Vault::find_organization(const std::string& name) {
    STANCH_TRY(const auto all, organizations());
    if (name.empty() && all.size() == 1) return all.front();
    if (name.empty() && all.empty())
        return fail(
            ErrorKind::not_found, "you are in no organization", {},
            "'stanch vault org create NAME' makes one; 'stanch vault sync' fetches one that "
            "you were let into");
    if (name.empty()) {
        std::string names;
        for (const Organization& organization : all)
            names += (names.empty() ? "" : ", ") + organization.name;
        return fail(ErrorKind::usage, "you are in several organizations: " + names, {},
                    "say which: --org NAME");
    }
    return one_named(all, name, "organization");
}

Result<bool> Vault::has_place(const std::string& name) {
    STANCH_TRY(const auto all_organizations, organizations());
    STANCH_TRY(const auto all_folders, folders());
    STANCH_TRY(const auto all_collections, collections());
    return std::ranges::find(all_organizations, name, &Organization::name) !=
               all_organizations.end() ||
           std::ranges::find(all_folders, name, &Folder::name) != all_folders.end() ||
           std::ranges::find(all_collections, name, &Collection::name) != all_collections.end();
}

Result<Item> Vault::open_slot(std::size_t slot) {
    STANCH_TRY(const Cache* held, cache());
    auto body = held->body(slot);
    if (!body) { // a body that was changed behind the index
        STANCH_CHECK(sync(true));
        STANCH_TRY(held, cache());
        body = held->body(slot);
        if (!body) return std::unexpected(body.error());
    }
    STANCH_TRY(const Key* owner, owner_key(std::string((*body)["organizationId"].text())));
    return Item::open(std::move(*body), *owner);
}

Result<std::vector<std::size_t>> Vault::by_part(const Query& query) {
    STANCH_TRY(const auto all, list(false));
    const std::string part = canonical(query.item);
    std::vector<std::size_t> same;
    std::vector<std::size_t> holding;
    for (const Listed& l : all) {
        if (!l.readable || l.deleted != query.deleted || part.empty()) continue;
        const std::string name = canonical(l.name.reveal());
        if (name == part) same.push_back(l.slot);
        if (name.find(part) != std::string::npos) holding.push_back(l.slot);
    }
    return same.empty() ? holding : same;
}

Result<bool> Vault::is_in(const Json& body, const std::string& place) {
    STANCH_TRY(const auto all_organizations, organizations());
    for (const Organization& o : all_organizations)
        if (o.id == body["organizationId"].text() && o.name == place) return true;
    STANCH_TRY(const auto all_folders, folders());
    for (const Folder& f : all_folders)
        if (f.id == body["folderId"].text() && f.name == place) return true;
    STANCH_TRY(const auto all_collections, collections());
    for (const Collection& c : all_collections)
        for (const Json& id : body["collectionIds"].items())
            if (c.id == id.text() && c.name == place) return true;
    return false;
}

Result<std::vector<std::size_t>> Vault::candidates(const Query& query) {
    STANCH_TRY(const Cache* held, cache());
    std::vector<std::size_t> found = held->with_id(query.item);
    if (!found.empty()) return found;
    found = held->named(query.item);
    if (found.empty() && !query.exact) {
        STANCH_TRY(found, by_part(query));
    }
    if (found.size() == 1 && query.collection.empty()) return found;
    std::vector<std::size_t> kept;
    for (const std::size_t slot : found) {
        STANCH_TRY(const Json body, held->body(slot));
        STANCH_TRY(const bool there,
                   query.collection.empty() ? Result<bool>(true) : is_in(body, query.collection));
        if (there && !body["deletedDate"].is_null() == query.deleted) kept.push_back(slot);
    }
    return kept;
}

Result<Item> Vault::find(const Query& query) {
    STANCH_TRY(const auto found, candidates(query));
    if (found.empty())
        return fail(ErrorKind::not_found,
                    "the vault has no item '" + query.item + "'" +
                        (query.collection.empty() ? "" : " in '" + query.collection + "'"),
                    {},
                    "'stanch vault sync' fetches what is new; 'stanch vault search' looks for a "
                    "part of the name");
    if (found.size() == 1) {
        STANCH_TRY(Item item, open_slot(found.front()));
        if (item.deleted() != query.deleted)
            return fail(ErrorKind::not_found,
                        query.deleted ? "the item is not in the trash" : "the item is in the trash",
                        {}, query.deleted ? "" : "'stanch vault restore' brings it back");
        return item;
    }
    std::string names;
    for (std::size_t i = 0; i < found.size() && i < 5; ++i) {
        STANCH_TRY(const Item item, open_slot(found[i]));
        STANCH_TRY(const Secret name, item.name());
        names += (names.empty() ? "" : ", ") + std::string(name.reveal()) + " (" + item.id() + ")";
    }
    return fail(ErrorKind::usage,
                std::to_string(found.size()) + " items match '" + query.item + "': " + names +
                    (found.size() > 5 ? ", …" : ""),
                {}, "name one by its id, or by its collection");
}

Result<Secret> Vault::download(const Item& item, std::string_view attachment) {
    STANCH_TRY(const auto all, item.attachments());
    const auto at = std::ranges::find_if(
        all, [&](const Attachment& a) { return a.file_name == attachment || a.id == attachment; });
    if (at == all.end()) {
        std::string names;
        for (const Attachment& a : all)
            names += (names.empty() ? "" : ", ") + a.file_name;
        return fail(ErrorKind::not_found,
                    "the item has no attachment '" + std::string(attachment) + "'", {},
                    names.empty() ? "it has none" : "it has: " + names);
    }
    STANCH_TRY(Api * api, online());
    STANCH_TRY(const Json place,
               api->expect("GET", "/ciphers/" + item.id() + "/attachment/" + at->id));
    STANCH_TRY(const Bytes content, api->download(std::string(place["url"].text())));
    if (at->key.empty()) return open_bytes(view(content), item.key());
    STANCH_TRY(const Key key, open_key(at->key, item.key()));
    return open_bytes(view(content), key);
}

} // namespace stanch::vault
