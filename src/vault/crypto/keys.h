// The symmetric key of Bitwarden's hierarchy (user, organization, item, attachment, Send): 64
// bytes, the first half for AES-256, the second for HMAC-SHA256. And the small functions that every
// key derivation is made of.
//
// HMAC and SHA-256 come from libsodium, AES and RSA from OpenSSL. Thread-safe.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <string>
#include <string_view>

namespace stanch::vault {

class Key {
  public:
    static constexpr std::size_t size = 64;

    // ErrorKind::invalid where `bytes` has another size.
    static Result<Key> from(std::string_view bytes);
    static Key random();

    [[nodiscard]] std::string_view encryption() const { return bytes_.reveal().substr(0, 32); }
    [[nodiscard]] std::string_view authentication() const { return bytes_.reveal().substr(32); }
    [[nodiscard]] std::string_view reveal() const { return bytes_.reveal(); }
    [[nodiscard]] Key copy() const { return Key(bytes_.copy()); }

    // The key's public name: the first half of its COSE thumbprint (RFC 9679), 32 hex digits.
    [[nodiscard]] std::string id() const;

  private:
    explicit Key(Secret bytes) : bytes_(std::move(bytes)) {}
    Secret bytes_;
};

Secret random_bytes(std::size_t size);
std::string random_uuid(); // version 4 (RFC 9562)

std::string sha256(std::string_view bytes);                            // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes); // 32 bytes
// RFC 5869 §2.3; `size` at most 255 · 32.
Secret hkdf_expand(std::string_view prk, std::string_view info, std::size_t size);

// A key for a purpose of our own (the cache's MAC), bound to `purpose`.
Secret derive(const Key& key, std::string_view purpose);

} // namespace stanch::vault
