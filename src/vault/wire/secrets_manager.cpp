#include "vault/secrets_manager.h"

#include "text/encoding.h"
#include "vault/crypto/kdf.h"
#include "vault/crypto/sealed.h"
#include "vault/wire/jwt.h"

#include <algorithm>

namespace stanch::vault {
namespace {

std::unexpected<Error> bad_token() {
    return fail(ErrorKind::usage,
                "BWS_ACCESS_TOKEN is not an access token of Bitwarden Secrets Manager", {},
                "it looks like 0.<id>.<secret>:<key>");
}

bool names_field(std::string_view field) {
    return field == "value" || field == "password" || field == "note" || field == "notes";
}

} // namespace

Result<AccessToken> parse_access_token(const Secret& token) {
    const std::string_view text = token.reveal();
    const auto first = text.find('.');
    const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
    const auto colon = text.rfind(':');
    if (second == std::string_view::npos || colon == std::string_view::npos || colon < second ||
        text.substr(0, first) != "0")
        return bad_token();
    const auto material = text::base64_decode(text.substr(colon + 1));
    if (!material || material->size() != 16) return bad_token();
    return AccessToken{std::string(text.substr(first + 1, second - first - 1)),
                       Secret(text.substr(second + 1, colon - second - 1)), Secret(*material)};
}

Result<SecretsManager> SecretsManager::open(const Secret& token, const std::string& server,
                                            const std::string& ca_file) {
    STANCH_TRY(const AccessToken parsed, parse_access_token(token));
    STANCH_TRY(Server where, Server::parse(server));
    STANCH_TRY(Api api, Api::open(std::move(where), {.ca_file = ca_file, .device_id = parsed.id}));
    STANCH_TRY(const Answer answer,
               api.post_form("/connect/token",
                             {{"scope", "api.secrets"},
                              {"client_id", parsed.id},
                              {"client_secret", std::string(parsed.client_secret.reveal())},
                              {"grant_type", "client_credentials"}}));
    if (answer.status == 400 || answer.status == 401)
        return fail(ErrorKind::refused, "the server does not accept BWS_ACCESS_TOKEN",
                    net::origin(api.server().web), "it may have been revoked or have expired");
    if (!answer.good()) return std::unexpected(answer_error(answer, net::origin(api.server().web)));
    STANCH_TRY(const Secret payload, open_text(answer.body["encrypted_payload"].text(),
                                               access_token_key(parsed.material)));
    STANCH_TRY(const Json keys, Json::parse(payload.reveal(), "the token's payload"));
    const auto bytes = text::base64_decode(keys["encryptionKey"].text());
    if (!bytes) return fail(ErrorKind::invalid, "the token's payload holds no key");
    STANCH_TRY(Key key, Key::from(*bytes));
    STANCH_TRY(const Json token_claims, claims(answer.body["access_token"].text()));
    Tokens tokens;
    tokens.update(answer.body);
    api.set_tokens(std::move(tokens));
    return SecretsManager(std::move(api), std::move(key),
                          std::string(token_claims["organization"].text()));
}

Result<Json> SecretsManager::call(const std::string& method, const std::string& path,
                                  const Json* body) {
    return api_.expect(method, path, body);
}

Result<void> SecretsManager::load_names() {
    if (loaded_) return {};
    STANCH_TRY(const Json all, call("GET", "/organizations/" + organization_ + "/secrets"));
    std::map<std::string, std::string> projects;
    for (const Json& project : all["projects"].items())
        if (const auto name = open_text(project["name"].text(), key_))
            projects.emplace(project["id"].text(), name->reveal());
    for (const Json& secret : all["secrets"].items()) {
        STANCH_TRY(Secret name, open_text(secret["key"].text(), key_));
        Known known{std::string(secret["id"].text()), std::move(name), {}, {}};
        for (const Json& project : secret["projects"].items()) {
            const std::string id(project["id"].text());
            known.project_ids.push_back(id);
            if (projects.contains(id)) known.projects.push_back(projects[id]);
        }
        names_.push_back(std::move(known));
    }
    loaded_ = true;
    return {};
}

Result<Secret> SecretsManager::fetch(const std::string& id, bool note) {
    if (!fetched_.contains(id)) {
        Json request = Json::object();
        request.set("ids", Json::array()).push(Json::string(id));
        STANCH_TRY(const Json answer, call("POST", "/secrets/get-by-ids", &request));
        for (const Json& secret : answer["data"].items())
            fetched_.insert_or_assign(std::string(secret["id"].text()), secret);
    }
    const auto at = fetched_.find(id);
    if (at == fetched_.end())
        return fail(ErrorKind::not_found, "the server gave no secret of this id");
    return open_text(at->second[note ? "note" : "value"].text(), key_);
}

Result<Secret> SecretsManager::value(std::string_view reference) {
    STANCH_TRY(const auto meanings, readings(reference));
    STANCH_CHECK(load_names());
    for (const Reference& meaning : meanings) {
        if (!meaning.field.empty() && !names_field(meaning.field)) continue;
        std::vector<const Known*> found;
        for (const Known& known : names_) {
            const bool named = known.id == meaning.item || known.name.reveal() == meaning.item;
            const bool in_project = meaning.collection.empty() ||
                                    std::ranges::count(known.projects, meaning.collection) != 0 ||
                                    std::ranges::count(known.project_ids, meaning.collection) != 0;
            if (named && in_project) found.push_back(&known);
        }
        if (found.size() > 1)
            return fail(ErrorKind::usage,
                        "Secrets Manager has " + std::to_string(found.size()) +
                            " secrets of this name",
                        std::string(reference), "name the project too, or the secret's id");
        if (found.size() == 1) return fetch(found.front()->id, meaning.field.starts_with("note"));
    }
    return fail(ErrorKind::not_found,
                "Secrets Manager has no such secret, or this token may not see it",
                std::string(reference));
}

} // namespace stanch::vault
