// Ciphertexts inside a document: opened, sealed and moved to another key all at once. Private to
// the room.
#pragma once

#include "vault/crypto/sealed.h"
#include "vault/wire/json.h"

namespace stanch::vault {

// Whether a text has the shape of an EncString of type 2.
bool looks_sealed(std::string_view text);

// A copy with every ciphertext opened, wherever it stands (members of newer clients included).
// ErrorKind::invalid names the member whose MAC does not match. A member named "key" that wraps
// another key is left as it is.
Result<Json> opened(const Json& document, const Key& key);

// Every ciphertext under `from` sealed again under `to`. The wrapped key of the document itself is
// the caller's.
Result<void> transcrypt(Json& document, const Key& from, const Key& to);

} // namespace stanch::vault
