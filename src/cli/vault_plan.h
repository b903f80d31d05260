// What is declared here (stanch.toml, .env) beside what the vault has of it.
#pragma once

#include "cli/vault_shared.h"

#include "core/manifest.h"
#include "vault/reference.h"

namespace stanch::cli {

// A credential, the place that it has (or will have) in the vault, and the value that it has here.
struct Planned {
    std::string name;
    vault::Reference place;
    bool declared = false; // in stanch.toml
    bool sensitive = true;
    std::optional<Secret> here;  // in the .env file
    std::optional<Secret> there; // in the vault
    std::string item_id;         // empty: the item isn't there yet

    [[nodiscard]] bool same() const { return here && there && here->equals(*there); }
    // "bw://Engineering/billing-stripe/password"
    [[nodiscard]] std::string reference() const;
};

inline constexpr Flag env_file_flag{"--env-file", 0, "FILE", "this file instead of .env"};
inline constexpr Flag config_flag{"--config", 0, "FILE",
                                  "this configuration instead of the one found upward"};

// `names` limits it to these; `collection` is where names go that stanch.toml gives no place.
// Without one, names that are only in .env are left out. ErrorKind::usage: a name that is nowhere,
// or one that needs --to.
Result<std::vector<Planned>> plan(vault::Vault& vault, const Arguments& arguments,
                                  const std::vector<std::string>& names,
                                  const std::string& collection);

} // namespace stanch::cli
