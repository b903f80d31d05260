// The claims of a token. Verifying it is the server's business; the client reads who and until
// when.
#pragma once

#include "vault/wire/json.h"

namespace stanch::vault {

Result<Json> claims(std::string_view token);

} // namespace stanch::vault
