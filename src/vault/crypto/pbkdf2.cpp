// PBKDF2 over OpenSSL's SHA-256 compression function.
//
// PKCS5_PBKDF2_HMAC copies an HMAC context for each of 600,000 rounds, which takes 1.8 times as
// long as the hashing itself. Here both key blocks are compressed once and every round is two
// compressions. The test compares the two.
#include "vault/crypto/kdf.h"

#include <array>
#include <cstring>
#include <openssl/sha.h>

// SHA256_Transform and its context are marked deprecated in favour of EVP, which has no way to keep
// a state.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace stanch::vault {
namespace {

struct Hmac {
    SHA256_CTX inner;
    SHA256_CTX outer;
};

void start(SHA256_CTX& context, const std::array<unsigned char, 64>& key, unsigned char pad) {
    std::array<unsigned char, 64> block{};
    for (std::size_t i = 0; i < block.size(); ++i)
        block[i] = key[i] ^ pad;
    SHA256_Init(&context);
    SHA256_Update(&context, block.data(), block.size());
    wipe(block.data(), block.size());
}

Hmac keyed(std::string_view password) {
    std::array<unsigned char, 64> key{};
    const auto* bytes = reinterpret_cast<const unsigned char*>(password.data());
    if (password.size() > key.size()) {
        const std::string digest = sha256(password);
        std::memcpy(key.data(), digest.data(), digest.size());
    } else if (!password.empty()) {
        std::memcpy(key.data(), bytes, password.size());
    }
    Hmac hmac{};
    start(hmac.inner, key, 0x36);
    start(hmac.outer, key, 0x5c);
    wipe(key.data(), key.size());
    return hmac;
}

void store(const SHA256_CTX& context, unsigned char* out) {
    for (std::size_t i = 0; i < 8; ++i) {
        const SHA_LONG word = context.h[i];
        for (std::size_t j = 0; j < 4; ++j)
            out[4 * i + j] = static_cast<unsigned char>(word >> (24 - 8 * j));
    }
}

// block = HMAC(block's first 32 bytes); the rest of the block is the padding for 64 + 32 bytes.
void round(const Hmac& hmac, SHA256_CTX& scratch, std::array<unsigned char, 64>& block) {
    for (const SHA256_CTX* half : {&hmac.inner, &hmac.outer}) {
        std::memcpy(scratch.h, half->h, sizeof scratch.h);
        SHA256_Transform(&scratch, block.data());
        store(scratch, block.data());
    }
}

void first(const Hmac& hmac, std::string_view salt, unsigned char* out) {
    SHA256_CTX context = hmac.inner;
    constexpr std::array<unsigned char, 4> number{0, 0, 0, 1};
    SHA256_Update(&context, salt.data(), salt.size());
    SHA256_Update(&context, number.data(), number.size());
    SHA256_Final(out, &context);
    context = hmac.outer;
    SHA256_Update(&context, out, 32);
    SHA256_Final(out, &context);
}

} // namespace

Secret pbkdf2(std::string_view password, std::string_view salt, std::uint32_t iterations) {
    Hmac hmac = keyed(password);
    std::array<unsigned char, 64> block{};
    block[32] = 0x80;
    block[62] = 0x03; // (64 + 32) · 8 = 0x300 bits
    first(hmac, salt, block.data());
    Secret key({reinterpret_cast<char*>(block.data()), 32});
    auto* sum = reinterpret_cast<unsigned char*>(key.writable().data());
    SHA256_CTX scratch{};
    for (std::uint32_t i = 1; i < iterations; ++i) {
        round(hmac, scratch, block);
        for (std::size_t j = 0; j < 32; ++j)
            sum[j] ^= block[j];
    }
    wipe(&hmac, sizeof hmac);
    wipe(&scratch, sizeof scratch);
    wipe(block.data(), block.size());
    return key;
}

} // namespace stanch::vault
