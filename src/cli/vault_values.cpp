#include "cli/vault_values.h"

#include "cli/env_shared.h"
#include "cli/vault_shared.h"

#include <cstdlib>

namespace stanch::cli {
namespace {

std::string environment(const char* name) {
    const char* set = std::getenv(name);
    return set != nullptr ? set : "";
}

} // namespace

Result<vault::SecretsManager*> VaultValues::machine() {
    if (machine_) return machine_.get();
    const Secret token(environment("BWS_ACCESS_TOKEN"));
    std::string server = environment("BWS_SERVER_URL");
    if (server.empty()) server = "us";
    STANCH_TRY(auto opened,
               vault::SecretsManager::open(token, server, environment("STANCH_VAULT_CA_FILE")));
    machine_ = std::make_unique<vault::SecretsManager>(std::move(opened));
    return machine_.get();
}

Result<vault::Vault*> VaultValues::person() {
    if (person_) return person_.get();
    STANCH_TRY(vault::Vault vault, open_vault());
    STANCH_CHECK(vault.resume());
    person_ = std::make_unique<vault::Vault>(std::move(vault));
    return person_.get();
}

Result<Secret> VaultValues::from_vault(std::string_view reference) {
    STANCH_TRY(vault::Vault * vault, person());
    auto found = find_field(*vault, std::string(reference));
    if (!found && found.error().kind == ErrorKind::not_found && !std::exchange(synced_, true)) {
        if (const auto fetched = vault->sync(); fetched && *fetched)
            found = find_field(*vault, std::string(reference));
    }
    if (!found) return std::unexpected(found.error());
    return found->item.value(found->field);
}

Result<Secret> VaultValues::value(std::string_view reference) {
    if (environment("BWS_ACCESS_TOKEN").empty()) return from_vault(reference);
    STANCH_TRY(vault::SecretsManager * secrets, machine());
    auto value = secrets->value(reference);
    if (value || value.error().kind != ErrorKind::not_found) return value;
    // A person with a token in the environment may mean the own vault.
    auto own = from_vault(reference);
    return own ? std::move(own) : std::move(value);
}

env::Resolver vault_resolver() {
    return [values = std::make_shared<VaultValues>()](std::string_view reference) {
        return values->value(reference);
    };
}

} // namespace stanch::cli
