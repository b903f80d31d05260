#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"
#include "cli/vault_watch.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
    Flag{"--session", 0, "",
         "print a key for STANCH_VAULT_SESSION instead of using the kernel keyring"},
};

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_vault());
    if (!vault.account().logged_in()) STANCH_CHECK(vault.resume()); // says so
    STANCH_TRY(const Secret password, master_password(arguments));
    STANCH_CHECK(vault.unlock(password));
    STANCH_TRY(const auto lifetime, parse_duration(arguments.value("--timeout").value_or("8h")));
    if (arguments.has("--session")) {
        STANCH_TRY(const Secret session, vault.keep_explicit(lifetime));
        answer(session.reveal());
        answer("\n");
        return exit_clean;
    }
    STANCH_CHECK(vault.keep(lifetime));
    // Without a cache the items are not at hand yet; the next sync makes up for it.
    const auto watched = keep_vault_watch(vault, lifetime);
    if (!watched && watched.error().kind != ErrorKind::unavailable)
        return std::unexpected(watched.error());
    tell("Unlocked until the time-out, 'stanch vault lock', or a restart.");
    return exit_clean;
}

} // namespace

const Verb vault_unlock_verb{
    .name = "vault unlock",
    .summary = "open the vault for some hours",
    .usage = "[--timeout TIME]",
    .text =
        R"text(The keys rest in the kernel keyring: readable by your processes only, never on a disk, dropped by the kernel
after the time-out. There is no agent. Works offline. Until then the Git hooks look for the vault's values too, by
digests (`stanch hook install`).

Where the kernel keyring is missing or forbidden (some containers), use an explicit session:
    export STANCH_VAULT_SESSION="$(stanch vault unlock --session)")text",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
