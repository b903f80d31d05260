// Bitwarden Secrets Manager: what a machine (CI) reads with an access token, where no person can
// unlock a vault.
//
// The same references as for a vault: bw://Project/NAME, bw://NAME, bw://<id>, with or without a
// last part (value, note). Values stay in memory only; all that one run needs comes in one request
// (get-by-ids) and one for the names. Not thread-safe.
#pragma once

#include "core/secret.h"
#include "vault/crypto/keys.h"
#include "vault/reference.h"
#include "vault/wire/api.h"

#include <memory>

namespace stanch::vault {

struct AccessToken {
    std::string id;
    Secret client_secret;
    Secret material; // 16 bytes
};

// "0.<uuid>.<secret>:<base64>". The error never repeats it.
Result<AccessToken> parse_access_token(const Secret& token);

class SecretsManager {
  public:
    // `server` as for a login ("us", "eu", URL).
    static Result<SecretsManager> open(const Secret& token, const std::string& server,
                                       const std::string& ca_file);

    // ErrorKind::not_found; usage where several secrets have the name (they are not unique).
    Result<Secret> value(std::string_view reference);

  private:
    struct Known {
        std::string id;
        Secret name;
        std::vector<std::string> projects; // names
        std::vector<std::string> project_ids;
    };
    SecretsManager(Api api, Key key, std::string organization)
        : api_(std::move(api)), key_(std::move(key)), organization_(std::move(organization)) {}
    Result<void> load_names();
    Result<Secret> fetch(const std::string& id, bool note);
    Result<Json> call(const std::string& method, const std::string& path,
                      const Json* body = nullptr);

    Api api_;
    Key key_;
    std::string organization_;
    bool loaded_ = false;
    std::vector<Known> names_;
    std::map<std::string, Json> fetched_;
};

} // namespace stanch::vault
