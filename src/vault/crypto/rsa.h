// RSA-2048 with OAEP (SHA-1 for both hashes, as every client writes it): how an organization's key
// reaches a member.
#pragma once

#include "vault/crypto/keys.h"

namespace stanch::vault {

// Keys are DER: PKCS#8 for a private one, SubjectPublicKeyInfo for a public one.
struct RsaPair {
    Secret private_key;
    std::string public_key;
};

Result<RsaPair> generate_rsa();

// "4.<base64>", also 3, 5 and 6 (the MAC of the latter is ignored, as in the official clients).
Result<Key> open_rsa(std::string_view enc_string, const Secret& private_key);
Result<std::string> seal_rsa(const Key& key, std::string_view public_key);

// The public half of a private key.
Result<std::string> rsa_public(const Secret& private_key);

} // namespace stanch::vault
