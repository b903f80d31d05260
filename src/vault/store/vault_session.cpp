// Vault: who holds the keys, and for how long.
#include "vault/vault.h"

#include "os/file.h"
#include "os/keyring.h"
#include "os/store.h"
#include "text/encoding.h"

#include <ctime>

namespace stanch::vault {
namespace {

std::unexpected<Error> not_logged_in() {
    return fail(ErrorKind::not_found, "nobody is logged in to a vault", {},
                "run 'stanch vault login EMAIL'");
}

std::unexpected<Error> locked() {
    return fail(ErrorKind::not_found, "the vault is locked", {}, "run 'stanch vault unlock'");
}

// A session file: its end (Unix seconds) and the user key, sealed under the key that the person's
// environment holds.
Result<Key> open_session_file(const std::string& path, const std::string& session) {
    const auto bytes = text::base64_decode(session, text::Base64::url_bare);
    if (!bytes || bytes->size() != Key::size)
        return fail(ErrorKind::usage, "STANCH_VAULT_SESSION is not a session's key", {},
                    "use what 'stanch vault unlock --session' printed");
    if (!os::exists(path)) return locked();
    STANCH_TRY(const std::string text, os::read_file(path, 4096));
    STANCH_TRY(const Key session_key, Key::from(*bytes));
    auto plain = open_text(text, session_key);
    if (!plain) return locked(); // another session's file
    STANCH_TRY(const Json json, Json::parse(plain->reveal(), "the session"));
    if (json["until"].integer().value_or(0) < std::time(nullptr)) return locked();
    const auto key = text::base64_decode(json["key"].text());
    if (!key) return locked();
    return Key::from(*key);
}

} // namespace

Result<Vault> Vault::open(Place place, VaultOptions options) {
    STANCH_TRY(Account account, Account::load(place));
    return Vault(std::move(place), std::move(account), std::move(options));
}

Result<void> Vault::login(const std::string& server, const std::string& ca_file,
                          const LoginRequest& request, const Prompts& prompts) {
    STANCH_TRY(Server where, Server::parse(server));
    STANCH_TRY(Api api, Api::open(std::move(where), {.ca_file = ca_file,
                                                     .device_id = account_.device_id,
                                                     .sleep = options_.sleep}));
    if (account_.logged_in()) STANCH_CHECK(logout());
    account_.server = server;
    account_.ca_file = ca_file;
    // The device must be known to later runs even if this login fails half-way: the server has seen
    // it.
    STANCH_CHECK(account_.save(place_));
    STANCH_TRY(LoggedIn in, vault::login(api, account_, request, prompts));
    account_.tokens = seal_text(view(in.tokens.to_json().dump()), in.user_key);
    STANCH_CHECK(account_.save(place_));
    key_ = std::make_unique<Key>(std::move(in.user_key));
    return {};
}

Result<void> Vault::unlock(const Secret& password) {
    if (!account_.logged_in()) return not_logged_in();
    STANCH_TRY(Key key, vault::unlock(account_, password));
    key_ = std::make_unique<Key>(std::move(key));
    return {};
}

Result<void> Vault::check_password(const Secret& password) {
    STANCH_TRY(const Key key, vault::unlock(account_, password));
    return {};
}

Result<void> Vault::resume() {
    if (!account_.logged_in()) return not_logged_in();
    if (!options_.session.empty()) {
        STANCH_TRY(Key key, open_session_file(place_.session_file(), options_.session));
        key_ = std::make_unique<Key>(std::move(key));
        return {};
    }
    const auto bytes = os::keyring_load(account_.keyring_name());
    if (!bytes) return locked();
    STANCH_TRY(Key key, Key::from(bytes->reveal()));
    key_ = std::make_unique<Key>(std::move(key));
    return {};
}

Result<void> Vault::keep(std::chrono::seconds lifetime) {
    STANCH_TRY(const Key* key, user_key());
    auto stored = os::keyring_store(account_.keyring_name(), Secret(key->reveal()), lifetime);
    if (!stored)
        stored.error().hint = "use an explicit session: export STANCH_VAULT_SESSION=\"$(stanch "
                              "vault unlock --session)\"";
    return stored;
}

Result<Secret> Vault::keep_explicit(std::chrono::seconds lifetime) {
    STANCH_TRY(const Key* key, user_key());
    const Key session = Key::random();
    Json json = Json::object();
    json.set("until", Json::number(std::time(nullptr) + lifetime.count()));
    json.set("key", Json::string(text::base64_encode(key->reveal())));
    STANCH_CHECK(os::make_directories(place_.data));
    STANCH_CHECK(os::write_file(place_.session_file(), seal_text(view(json.dump()), session)));
    return Secret(text::base64_encode(session.reveal(), text::Base64::url_bare));
}

Result<void> Vault::lock() {
    key_.reset();
    organization_keys_.clear();
    STANCH_CHECK(os::remove_file(place_.session_file()));
    const auto removed = os::keyring_remove(account_.keyring_name());
    if (!removed && removed.error().kind != ErrorKind::unavailable)
        return removed; // no keyring: nothing was in it
    return {};
}

Result<void> Vault::logout() {
    if (!account_.logged_in()) return not_logged_in();
    STANCH_CHECK(lock());
    cache_.reset();
    api_.reset();
    STANCH_CHECK(os::remove_file(place_.cache_file()));
    os::remove_leftovers(place_.cache_file());
    account_.forget();
    return account_.save(place_);
}

Result<const Key*> Vault::user_key() const {
    if (key_ == nullptr) return locked();
    return key_.get();
}

Result<Secret> Vault::private_key() {
    STANCH_TRY(const Key* key, user_key());
    if (account_.private_key.empty())
        return fail(ErrorKind::not_found, "the account has no RSA key");
    return open_text(account_.private_key, *key);
}

Result<void> Vault::connect() {
    STANCH_TRY(const Key* key, user_key());
    STANCH_TRY(Server server, Server::parse(account_.server));
    STANCH_TRY(Api api, Api::open(std::move(server), {.ca_file = account_.ca_file,
                                                      .device_id = account_.device_id,
                                                      .sleep = options_.sleep}));
    STANCH_TRY(const Secret sealed, open_text(account_.tokens, *key));
    STANCH_TRY(const Json tokens, Json::parse(sealed.reveal(), "the session"));
    api.set_tokens(Tokens::from_json(tokens));
    api_ = std::make_unique<Api>(std::move(api));
    return {};
}

Result<Api*> Vault::online() {
    if (!api_) STANCH_CHECK(connect());
    // Bound at each use, since a Vault may have been moved.
    api_->on_tokens([this](const Tokens& renewed) -> Result<void> {
        STANCH_TRY(const Key* key, user_key());
        account_.tokens = seal_text(view(renewed.to_json().dump()), *key);
        return account_.save(place_);
    });
    return api_.get();
}

Result<const Key*> Vault::owner_key(const std::string& organization_id) {
    if (organization_id.empty()) return user_key();
    if (const auto at = organization_keys_.find(organization_id); at != organization_keys_.end())
        return &at->second;
    STANCH_TRY(const Key* user, user_key());
    STANCH_TRY(const Cache* held, cache());
    for (const CachedOrganization& organization : held->organizations()) {
        if (organization.id != organization_id) continue;
        STANCH_TRY(const Secret bytes, open_bytes(organization.wrapped_key, *user));
        STANCH_TRY(Key key, Key::from(bytes.reveal()));
        return &organization_keys_.emplace(organization_id, std::move(key)).first->second;
    }
    return fail(ErrorKind::not_found, "you have no key of the organization that owns this", {},
                "run 'stanch vault sync'");
}

} // namespace stanch::vault
