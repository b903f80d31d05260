// Authenticated ciphertext in Bitwarden's two forms: EncString (text) and EncArrayBuffer (bytes).
//
// Both are AES-256-CBC with PKCS#7, then HMAC-SHA256 over iv ‖ ciphertext, checked in constant time
// before anything is decrypted. Only this type (2) is read and written. Older ones without a MAC
// (0), with a shorter key (1) and the sealed COSE messages of version 2 accounts (7) are refused by
// name.
//
//     text   2.<base64 iv>|<base64 ciphertext>|<base64 mac>
//     bytes  0x02 ‖ iv (16) ‖ mac (32) ‖ ciphertext
//
// Thread-safe.
#pragma once

#include "vault/crypto/keys.h"

#include <string>
#include <string_view>

namespace stanch::vault {

// A text form that is not type 2 or not well-formed is ErrorKind::invalid; so is a MAC that does
// not match.
Result<Secret> open_text(std::string_view enc_string, const Key& key);
Result<Secret> open_bytes(std::string_view buffer, const Key& key);
// A wrapped 64-byte key.
Result<Key> open_key(std::string_view enc_string, const Key& key);

std::string seal_text(std::string_view plain, const Key& key);
std::string seal_bytes(std::string_view plain, const Key& key);

// From one form to the other, unopened.
Result<std::string> text_to_bytes(std::string_view enc_string);
Result<std::string> bytes_to_text(std::string_view buffer);

} // namespace stanch::vault
