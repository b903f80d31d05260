#include "vault/crypto/keys.h"

#include "text/encoding.h"

#include <array>
#include <cstring>
#include <sodium.h>

namespace stanch::vault {
namespace {

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

void hmac_into(std::string_view key, std::initializer_list<std::string_view> parts,
               std::array<unsigned char, 32>& out) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, raw(key), key.size());
    for (const std::string_view part : parts)
        crypto_auth_hmacsha256_update(&state, raw(part), part.size());
    crypto_auth_hmacsha256_final(&state, out.data());
    wipe(&state, sizeof state);
}

} // namespace

Result<Key> Key::from(std::string_view bytes) {
    if (bytes.size() != size)
        return fail(ErrorKind::invalid, "a key has " + std::to_string(bytes.size()) +
                                            " bytes instead of " + std::to_string(size));
    return Key(Secret(bytes));
}

Key Key::random() {
    return Key(random_bytes(size));
}

std::string Key::id() const {
    // A COSE_Key map of kty (1: 4, symmetric) and k (-1: the bytes), in CBOR.
    Secret message = Secret::zeroed(6 + size);
    std::memcpy(message.writable().data(), "\xA2\x01\x04\x20\x58\x40", 6);
    std::memcpy(message.writable().data() + 6, bytes_.reveal().data(), size);
    return text::hex_encode(sha256(message.reveal()).substr(0, 16));
}

Secret random_bytes(std::size_t size) {
    Secret bytes = Secret::zeroed(size);
    randombytes_buf(bytes.writable().data(), size);
    return bytes;
}

std::string random_uuid() {
    std::array<unsigned char, 16> b{};
    randombytes_buf(b.data(), b.size());
    b[6] = static_cast<unsigned char>((b[6] & 0x0f) | 0x40);
    b[8] = static_cast<unsigned char>((b[8] & 0x3f) | 0x80);
    std::string hex = text::hex_encode({reinterpret_cast<char*>(b.data()), b.size()});
    for (const std::size_t at : {20, 16, 12, 8})
        hex.insert(at, 1, '-');
    return hex;
}

std::string sha256(std::string_view bytes) {
    std::string digest(32, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()), raw(bytes), bytes.size());
    return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, 32> mac{};
    hmac_into(key, {bytes}, mac);
    return {reinterpret_cast<char*>(mac.data()), mac.size()};
}

Secret hkdf_expand(std::string_view prk, std::string_view info, std::size_t size) {
    Secret out = Secret::zeroed(size);
    std::array<unsigned char, 32> block{};
    std::string_view previous;
    for (std::size_t at = 0, n = 1; at < size; at += 32, ++n) {
        const char counter = static_cast<char>(n);
        hmac_into(prk, {previous, info, {&counter, 1}}, block);
        std::memcpy(out.writable().data() + at, block.data(), std::min<std::size_t>(32, size - at));
        previous = {reinterpret_cast<char*>(block.data()), block.size()};
    }
    wipe(block.data(), block.size());
    return out;
}

Secret derive(const Key& key, std::string_view purpose) {
    return hkdf_expand(key.reveal(), "stanch " + std::string(purpose), 32);
}

} // namespace stanch::vault
