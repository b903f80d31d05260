// Values behind bw:// references, for `stanch run`, `env get` and the vault's own verbs.
#pragma once

#include "env/reference.h"
#include "vault/secrets_manager.h"
#include "vault/vault.h"

#include <memory>

namespace stanch::cli {

// Opens what it needs on the first reference: Secrets Manager where BWS_ACCESS_TOKEN is set (a
// machine), then the vault that a person has unlocked. Asks nobody: a locked vault is an error that
// says what to run. Not thread-safe.
class VaultValues {
  public:
    Result<Secret> value(std::string_view reference);

  private:
    Result<vault::SecretsManager*> machine();
    Result<vault::Vault*> person();
    Result<Secret> from_vault(std::string_view reference);

    std::unique_ptr<vault::SecretsManager> machine_;
    std::unique_ptr<vault::Vault> person_;
    bool synced_ = false;
};

} // namespace stanch::cli
