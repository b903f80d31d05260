// Vault: changes go to the server first; then the cache is fetched again.
#include "vault/vault.h"

namespace stanch::vault {
namespace {

// Where the server wants the content of a file that it has announced.
Result<void> store_file(Api& api, const Json& place, const std::string& path,
                        const std::string& sealed_name, std::string_view sealed) {
    if (place["fileUploadType"].integer() == 1)
        return api.put_blob(std::string(place["url"].text()), sealed);
    STANCH_CHECK(api.upload(path, sealed_name, sealed));
    return {};
}

} // namespace

Result<void> Vault::after_write() {
    if (deferred_) return {};
    wait_for_others();
    STANCH_CHECK(sync(true));
    STANCH_CHECK(confirm_edits());
    return confirm_creations();
}

Result<void> Vault::finish_batch() {
    deferred_ = false;
    return after_write();
}

Result<Item> Vault::answered_item(Json answer) {
    STANCH_TRY(const Key* owner, owner_key(std::string(answer["organizationId"].text())));
    return Item::open(std::move(answer), *owner);
}

// Servers repeat what was written; where one says nothing, it is asked.
Result<Item> Vault::written(Json answer, const std::string& id) {
    if (answer["id"].text().empty()) {
        STANCH_TRY(Api * api, online());
        STANCH_TRY(answer, api->expect("GET", "/ciphers/" + id));
    }
    return answered_item(std::move(answer));
}

Result<Item> Vault::make(ItemType type, const Secret& name, const std::string& organization_id) {
    STANCH_TRY(const Key* owner, owner_key(organization_id));
    Item item = Item::create(type, name, *owner, account_.item_keys);
    if (!organization_id.empty()) item.set_plain("organizationId", Json::string(organization_id));
    return item;
}

Result<Item> Vault::post(const Item& item, const std::vector<std::string>& collection_ids) {
    STANCH_TRY(Api * api, online());
    Json request = item.request(account_.user_id);
    std::string path = "/ciphers";
    if (!item.organization_id().empty()) {
        Json outer = Json::object();
        outer.set("cipher", std::move(request));
        Json& ids = outer.set("collectionIds", Json::array());
        for (const std::string& id : collection_ids)
            ids.push(Json::string(id));
        request = std::move(outer);
        path += "/create";
    }
    STANCH_TRY(Json answer, api->expect("POST", path, &request));
    return answered_item(std::move(answer));
}

Result<Item> Vault::create(Item item, const std::vector<std::string>& collection_ids) {
    STANCH_TRY(Item created, post(item, collection_ids));
    STANCH_CHECK(after_write());
    return created;
}

Result<Item> Vault::move_to(const Item& known, const Collection& collection) {
    STANCH_TRY(const Item item, settled(known.id()));
    if (!item.organization_id().empty())
        return fail(ErrorKind::refused, "the item belongs to an organization already", {},
                    "change its collections instead");
    for (const Json& attachment : item.document()["attachments"].items())
        if (attachment["key"].is_null())
            return fail(
                ErrorKind::refused,
                "an attachment of the item has no key of its own (very old), so it can't be moved",
                {}, "download it and attach it again");
    STANCH_TRY(const Key* owner, owner_key(collection.organization_id));
    STANCH_TRY(const Key* user, user_key());
    STANCH_TRY(Item moved, Item::open(item.document(), *user));
    STANCH_CHECK(moved.rewrap(*owner, collection.organization_id));
    Json request = Json::object();
    request.set("cipher", moved.request(account_.user_id));
    request.set("collectionIds", Json::array()).push(Json::string(collection.id));
    STANCH_TRY(Api * api, online());
    STANCH_TRY(Json answer, api->expect("PUT", "/ciphers/" + item.id() + "/share", &request));
    STANCH_TRY(Item shared, written(std::move(answer), item.id()));
    STANCH_CHECK(after_write());
    return shared;
}

Result<void> Vault::set_collections(const Item& item,
                                    const std::vector<std::string>& collection_ids) {
    Json request = Json::object();
    Json& ids = request.set("collectionIds", Json::array());
    for (const std::string& id : collection_ids)
        ids.push(Json::string(id));
    STANCH_TRY(Api * api, online());
    const std::string path = "/ciphers/" + item.id() + "/collections";
    STANCH_TRY(Answer answer, api->call("PUT", path + "_v2", &request));
    if (answer.status == 404 || answer.status == 405) {
        STANCH_TRY(answer, api->call("PUT", path, &request));
    }
    if (!answer.good()) return std::unexpected(answer_error(answer, net::origin(account_.server)));
    return after_write();
}

Result<void> Vault::trash(const Item& item) {
    STANCH_TRY(Api * api, online());
    STANCH_CHECK(api->expect("PUT", "/ciphers/" + item.id() + "/delete"));
    return after_write();
}

Result<void> Vault::restore(const Item& item) {
    STANCH_TRY(Api * api, online());
    STANCH_CHECK(api->expect("PUT", "/ciphers/" + item.id() + "/restore"));
    return after_write();
}

Result<void> Vault::destroy(const Item& item) {
    STANCH_TRY(Api * api, online());
    STANCH_CHECK(api->expect("DELETE", "/ciphers/" + item.id()));
    return after_write();
}

Result<Folder> Vault::create_folder(const std::string& name) {
    STANCH_TRY(const Key* key, user_key());
    Json request = Json::object();
    request.set("name", Json::string(seal_text(name, *key)));
    STANCH_TRY(Api * api, online());
    STANCH_TRY(const Json answer, api->expect("POST", "/folders", &request));
    STANCH_CHECK(after_write());
    return Folder{std::string(answer["id"].text()), name};
}

Result<void> Vault::rename_folder(const Folder& folder, const std::string& name) {
    STANCH_TRY(const Key* key, user_key());
    Json request = Json::object();
    request.set("name", Json::string(seal_text(name, *key)));
    STANCH_TRY(Api * api, online());
    STANCH_CHECK(api->expect("PUT", "/folders/" + folder.id, &request));
    return after_write();
}

Result<void> Vault::delete_folder(const Folder& folder) {
    STANCH_TRY(Api * api, online());
    STANCH_CHECK(api->expect("DELETE", "/folders/" + folder.id));
    return after_write();
}

Result<void> Vault::attach(const Item& item, const std::string& file_name,
                           std::string_view content) {
    const Key key = Key::random();
    const std::string sealed = seal_bytes(content, key);
    const std::string sealed_name = seal_text(file_name, item.key());
    Json request = Json::object();
    request.set("key", Json::string(seal_text(key.reveal(), item.key())));
    request.set("fileName", Json::string(sealed_name));
    request.set("fileSize", Json::number(static_cast<std::int64_t>(sealed.size())));
    request.set("adminRequest", Json::boolean(false));
    request.set("lastKnownRevisionDate", item.document()["revisionDate"]);
    STANCH_TRY(Api * api, online());
    STANCH_TRY(const Json place,
               api->expect("POST", "/ciphers/" + item.id() + "/attachment/v2", &request));
    const std::string entry =
        "/ciphers/" + item.id() + "/attachment/" + std::string(place["attachmentId"].text());
    const auto stored = store_file(*api, place, entry, sealed_name, sealed);
    if (!stored) {
        // Else the item would show a file that nobody can open.
        static_cast<void>(api->call("DELETE", entry));
        return stored;
    }
    return after_write();
}

} // namespace stanch::vault
