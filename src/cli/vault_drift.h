// Where the declared credentials, the .env file and the vault differ.
#pragma once

#include "cli/vault_shared.h"

namespace stanch::cli {

// Prints one line a credential, without values. exit_found where something differs.
Result<int> check_drift(vault::Vault& vault, const Arguments& arguments);

} // namespace stanch::cli
