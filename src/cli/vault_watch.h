// What the hook knows of the vault between two unlocks: digests of its values, sealed.
//
// The file stands in the user's cache (0600) and is sealed (XChaCha20-Poly1305) under a random key
// that only the kernel keyring holds, for as long as the vault is unlocked. Without the key nothing
// in it can be read or guessed.
#pragma once

#include "core/result.h"
#include "scan/known_digests.h"
#include "vault/vault.h"

#include <chrono>
#include <optional>

namespace stanch::cli {

// Digests of every password, key, seed and hidden field, for so long. The vault must be unlocked.
Result<void> keep_vault_watch(vault::Vault& vault, std::chrono::seconds lifetime);

// After a sync: made anew where one is kept, for its remaining time.
Result<void> refresh_vault_watch(vault::Vault& vault);

// Takes the file and the key away.
Result<void> drop_vault_watch();

// nullopt: nothing is kept, or its time is over. Error: a file that was tampered with.
Result<std::optional<scan::KnownDigests>> load_vault_watch();

} // namespace stanch::cli
