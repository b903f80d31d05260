#include "vault/organization.h"

#include "text/encoding.h"
#include "vault/crypto/rsa.h"
#include "vault/team/phrase.h"
#include "vault/wire/id.h"

#include <algorithm>
#include <array>

namespace stanch::vault {
namespace {

Member member_of(const Json& json) {
    return {std::string(json["id"].text()),
            std::string(json["userId"].text()),
            std::string(json["name"].text()),
            std::string(json["email"].text()),
            static_cast<MemberStatus>(json["status"].integer().value_or(0)),
            static_cast<int>(json["type"].integer().value_or(2))};
}

Json access(const std::string& id) {
    Json json = Json::object();
    json.set("id", Json::string(id));
    json.set("readOnly", Json::boolean(false));
    json.set("hidePasswords", Json::boolean(false));
    json.set("manage", Json::boolean(false));
    return json;
}

// Another client may have changed who sees the collection; the server says so at each call.
Result<Json> collection_access(Vault& vault, const std::string& organization_id,
                               const std::string& collection_id) {
    STANCH_TRY(Api * api, vault.online());
    return api->expect("GET", "/organizations/" + organization_id + "/collections/" +
                                  collection_id + "/details");
}

std::string key_fingerprint(std::string_view public_key) {
    const std::string hex = text::hex_encode(sha256(public_key));
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 8)
        out += (i == 0 ? "" : "-") + hex.substr(i, 8);
    return out;
}

MemberKey key_of(const std::string& user_id, const std::string& public_key) {
    return {public_key, fingerprint_phrase(plain_id(user_id), public_key),
            key_fingerprint(public_key)};
}

} // namespace

std::string role_name(int type) {
    constexpr std::array<std::string_view, 5> names{"owner", "admin", "user", "manager", "custom"};
    return type >= 0 && type < static_cast<int>(names.size())
               ? std::string(names[static_cast<std::size_t>(type)])
               : "type " + std::to_string(type);
}

std::string status_name(MemberStatus status) {
    switch (status) {
    case MemberStatus::revoked:
        return "revoked";
    case MemberStatus::invited:
        return "invited";
    case MemberStatus::accepted:
        return "accepted";
    case MemberStatus::confirmed:
        return "confirmed";
    }
    return "unknown";
}

Result<std::vector<Member>> members(Vault& vault, const Organization& organization) {
    STANCH_TRY(Api * api, vault.online());
    STANCH_TRY(const Json answer,
               api->expect("GET", "/organizations/" + organization.id + "/users"));
    std::vector<Member> all;
    for (const Json& json : answer["data"].items())
        all.push_back(member_of(json));
    return all;
}

Result<void> invite(Vault& vault, const Organization& organization, const std::string& email,
                    int type, const std::vector<Collection>& collections) {
    Json request = Json::object();
    request.set("emails", Json::array()).push(Json::string(normalized_email(email)));
    request.set("type", Json::number(type));
    Json& list = request.set("collections", Json::array());
    for (const Collection& collection : collections)
        list.push(access(collection.id));
    request.set("groups", Json::array());
    request.set("permissions", Json::object());
    request.set("accessSecretsManager", Json::boolean(false));
    STANCH_TRY(Api * api, vault.online());
    STANCH_CHECK(
        api->expect("POST", "/organizations/" + organization.id + "/users/invite", &request));
    return {};
}

Result<MemberKey> member_key(Vault& vault, const std::string& user_id) {
    STANCH_TRY(Api * api, vault.online());
    STANCH_TRY(const Json answer, api->expect("GET", "/users/" + user_id + "/public-key"));
    const auto der = text::base64_decode(answer["publicKey"].text());
    if (!der || der->empty())
        return fail(ErrorKind::invalid, "the server's answer holds no public key");
    return key_of(user_id, *der);
}

Result<void> confirm(Vault& vault, const Organization& organization, const Member& member,
                     const MemberKey& key) {
    STANCH_TRY(const Key* organization_key, vault.owner_key(organization.id));
    STANCH_TRY(const std::string wrapped, seal_rsa(*organization_key, key.public_key));
    Json request = Json::object();
    request.set("key", Json::string(wrapped));
    request.set("defaultUserCollectionName", Json());
    STANCH_TRY(Api * api, vault.online());
    STANCH_CHECK(api->expect(
        "POST", "/organizations/" + organization.id + "/users/" + member.id + "/confirm",
        &request));
    return {};
}

Result<Organization> create_organization(Vault& vault, const std::string& name,
                                         const std::string& first_collection) {
    const Key key = Key::random();
    STANCH_TRY(const Secret own_private, vault.private_key());
    STANCH_TRY(const std::string own_public, rsa_public(own_private));
    STANCH_TRY(const std::string wrapped, seal_rsa(key, own_public));
    STANCH_TRY(const RsaPair pair, generate_rsa());
    Json request = Json::object();
    request.set("name", Json::string(name));
    request.set("billingEmail", Json::string(vault.account().email));
    request.set("planType", Json::number(0));
    request.set("key", Json::string(wrapped));
    Json& keys = request.set("keys", Json::object());
    keys.set("publicKey", Json::string(text::base64_encode(pair.public_key)));
    keys.set("encryptedPrivateKey", Json::string(seal_text(pair.private_key.reveal(), key)));
    request.set("collectionName", Json::string(seal_text(first_collection, key)));
    STANCH_TRY(Api * api, vault.online());
    STANCH_TRY(const Json answer, api->expect("POST", "/organizations", &request));
    STANCH_CHECK(vault.sync(true));
    return vault.find_organization(std::string(answer["id"].text()));
}

Result<Collection> create_collection(Vault& vault, const Organization& organization,
                                     const std::string& name, const std::vector<Member>& readers) {
    STANCH_TRY(const Key* key, vault.owner_key(organization.id));
    Json request = Json::object();
    request.set("name", Json::string(seal_text(name, *key)));
    request.set("groups", Json::array());
    Json& users = request.set("users", Json::array());
    for (const Member& reader : readers)
        users.push(access(reader.id));
    request.set("externalId", Json());
    STANCH_TRY(Api * api, vault.online());
    STANCH_TRY(const Json answer,
               api->expect("POST", "/organizations/" + organization.id + "/collections", &request));
    STANCH_CHECK(vault.sync(true));
    return Collection{std::string(answer["id"].text()), organization.id, name};
}

Result<std::vector<Reader>> readers(Vault& vault, const Item& item) {
    STANCH_TRY(const Organization organization, vault.find_organization(item.organization_id()));
    STANCH_TRY(const auto all, members(vault, organization));
    STANCH_TRY(const auto collections, vault.collections());
    std::vector<Reader> found;
    for (const Member& member : all)
        if (member.type <= 1 && member.status != MemberStatus::revoked)
            found.push_back({member, role_name(member.type), true, true});
    for (const std::string& id : item.collection_ids()) {
        STANCH_TRY(const Json access, collection_access(vault, organization.id, id));
        const auto collection = std::ranges::find(collections, id, &Collection::id);
        const std::string name = collection == collections.end() ? id : collection->name;
        for (const Json& user : access["users"].items()) {
            const auto member = std::ranges::find(all, user["id"].text(), &Member::id);
            if (member == all.end() || member->type <= 1) continue;
            found.push_back(
                {*member, name, !user["readOnly"].truth(), !user["hidePasswords"].truth()});
        }
        for (const Json& group : access["groups"].items()) {
            Member whole;
            whole.name = "group " + std::string(group["id"].text());
            whole.status = MemberStatus::confirmed;
            found.push_back(
                {whole, name, !group["readOnly"].truth(), !group["hidePasswords"].truth()});
        }
    }
    return found;
}

Result<MemberKey> own_key(Vault& vault) {
    STANCH_TRY(const Secret key, vault.private_key());
    STANCH_TRY(const std::string public_key, rsa_public(key));
    return key_of(vault.account().user_id, public_key);
}

} // namespace stanch::vault
