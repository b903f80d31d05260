// From a master password to keys (Bitwarden's security whitepaper, "Password hashing, key
// derivation").
#pragma once

#include "vault/crypto/keys.h"

#include <cstdint>

namespace stanch::vault {

struct Kdf {
    enum class Type : std::uint8_t { pbkdf2 = 0, argon2id = 1 };
    Type type = Type::pbkdf2;
    std::uint32_t iterations = 600'000;
    std::uint32_t memory = 0; // MiB
    std::uint32_t parallelism = 0;

    friend bool operator==(const Kdf&, const Kdf&) = default;
};

// The parameters come from the server, before anything proves that it is the right one. Refuses
// those under the floor of the official client (a hostile server could ask for one iteration, then
// guess the password from its hash), and those past its ceiling (which would only exhaust this
// machine).
Result<void> check_strength(const Kdf& kdf);

// 32 bytes. `salt` is the e-mail address, normalized, or what the server says instead. Takes 0.1 to
// some seconds.
Result<Secret> master_key(const Secret& password, std::string_view salt, const Kdf& kdf);

// What the server gets in place of the password: base64 of one more PBKDF2 round.
Secret password_hash(const Secret& master_key, const Secret& password);

// The key that wraps the user key.
Key stretch(const Secret& master_key);

// A Send's key from the 16 bytes in its link, and the hash of its password.
Key send_key(const Secret& material);
Secret send_password_hash(const Secret& password, const Secret& material);

// The key of a Secrets Manager access token, from the 16 bytes at its end.
Key access_token_key(const Secret& material);

// Trimmed (ASCII white space) and in lower case (ASCII): the default salt.
std::string normalized_email(std::string_view email);

// PBKDF2-HMAC-SHA256 (RFC 8018 §5.2), one block of 32 bytes.
Secret pbkdf2(std::string_view password, std::string_view salt, std::uint32_t iterations);

} // namespace stanch::vault
