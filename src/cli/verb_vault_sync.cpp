#include "cli/say.h"
#include "cli/vault_drift.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"
#include "cli/vault_watch.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--force", 0, "", "fetch everything, changed or not"},
    Flag{"--check", 0, "",
         "compare the credentials of stanch.toml, the .env file and the vault; exit 1 where they "
         "differ"},
    Flag{"--env-file", 0, "FILE", "the .env file to compare (default .env)"},
    Flag{"--config", 0, "FILE", "this configuration instead of the one found upward"},
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_TRY(const bool fetched, vault.sync(arguments.has("--force")));
    if (arguments.has("--check")) return check_drift(vault, arguments);
    if (fetched) STANCH_CHECK(refresh_vault_watch(vault));
    tell(fetched ? "Fetched." : "Nothing is new.");
    return exit_clean;
}

} // namespace

const Verb vault_sync_verb{
    .name = "vault sync",
    .summary = "fetch what is new; --check compares stanch.toml, .env and the vault",
    .usage = "[--check]",
    .text =
        R"(The vault's ciphertext is cached (0600), bound to your keys by a MAC: a cache that was changed or cut short is
refused and fetched again.

--check compares every credential declared in stanch.toml, and every name of the .env file that the vault has, by
fingerprint: no value is shown. Exit code 1 where something differs or is missing.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
