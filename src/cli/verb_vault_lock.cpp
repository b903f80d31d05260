#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"
#include "cli/vault_watch.h"

namespace stanch::cli {
namespace {

Result<int> lock(const Arguments&) {
    STANCH_TRY(vault::Vault vault, open_vault());
    STANCH_CHECK(vault.lock());
    STANCH_CHECK(drop_vault_watch());
    tell("Locked.");
    return exit_clean;
}

Result<int> logout(const Arguments&) {
    STANCH_TRY(vault::Vault vault, open_vault());
    STANCH_CHECK(vault.logout());
    STANCH_CHECK(drop_vault_watch());
    tell("Logged out; the cache and the keys are gone.");
    return exit_clean;
}

} // namespace

const Verb vault_lock_verb{
    .name = "vault lock",
    .summary = "drop the vault's keys",
    .usage = "",
    .text = "Removes the keys from the kernel keyring and ends every explicit session. The cache "
            "stays: it is ciphertext.",
    .flags = {},
    .run = lock,
};

const Verb vault_logout_verb{
    .name = "vault logout",
    .summary = "drop the keys, the session and the cache",
    .usage = "",
    .text =
        "The device's identifier stays, so that the next login is not a new device to the server.",
    .flags = {},
    .run = logout,
};

} // namespace stanch::cli
