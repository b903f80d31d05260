#include "vault/crypto/sealed.h"

#include "text/encoding.h"

#include <array>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>

namespace stanch::vault {
namespace {

constexpr std::size_t iv_size = 16;
constexpr std::size_t mac_size = 32;
constexpr std::size_t block_size = 16;
constexpr std::size_t head_size = 1 + iv_size + mac_size;

struct Parts {
    std::string_view iv;
    std::string_view mac;
    std::string_view ciphertext;
};

std::unexpected<Error> malformed(const std::string& what) {
    return fail(ErrorKind::invalid, "this is no ciphertext that can be read: " + what);
}

std::unexpected<Error> other_type(std::string_view type) {
    if (type == "7")
        return malformed(
            "it is of type 7 (account encryption version 2), which stanch does not support yet");
    if (type == "0" || type == "1")
        return malformed("it is of type " + std::string(type) +
                         ", which is out of use since nothing protects it");
    return malformed("it is of type " + std::string(type.substr(0, 8)));
}

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::span<char> bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

// Fetched once: OpenSSL 3 would look the algorithm up by name for every call.
const EVP_CIPHER* aes() {
    static const EVP_CIPHER* cipher = [] {
        // The system's openssl.cnf has no say in this, and reading it takes longer than the
        // decryption.
        OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
        return EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr);
    }();
    return cipher;
}

EVP_CIPHER_CTX* context() {
    struct Free {
        void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
    };
    thread_local const std::unique_ptr<EVP_CIPHER_CTX, Free> instance(EVP_CIPHER_CTX_new());
    return instance.get();
}

std::array<unsigned char, mac_size> mac_of(const Parts& parts, const Key& key) {
    std::array<unsigned char, mac_size> mac{};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, raw(key.authentication()), key.authentication().size());
    crypto_auth_hmacsha256_update(&state, raw(parts.iv), parts.iv.size());
    crypto_auth_hmacsha256_update(&state, raw(parts.ciphertext), parts.ciphertext.size());
    crypto_auth_hmacsha256_final(&state, mac.data());
    wipe(&state, sizeof state);
    return mac;
}

Result<Secret> decrypt(const Parts& parts, const Key& key) {
    const auto mac = mac_of(parts, key);
    if (sodium_memcmp(mac.data(), parts.mac.data(), mac_size) != 0)
        return fail(ErrorKind::invalid,
                    "a ciphertext was changed, or belongs to another key (its MAC does not match)");
    Secret plain = Secret::zeroed(parts.ciphertext.size());
    int written = 0;
    int last = 0;
    EVP_CIPHER_CTX* c = context();
    const bool done =
        EVP_DecryptInit_ex2(c, aes(), raw(key.encryption()), raw(parts.iv), nullptr) == 1 &&
        EVP_DecryptUpdate(c, raw(plain.writable()), &written, raw(parts.ciphertext),
                          static_cast<int>(parts.ciphertext.size())) == 1 &&
        EVP_DecryptFinal_ex(c, raw(plain.writable()) + written, &last) == 1;
    EVP_CIPHER_CTX_reset(c);
    if (!done) return malformed("its padding is wrong");
    plain.shorten(static_cast<std::size_t>(written) + static_cast<std::size_t>(last));
    return plain;
}

Result<Parts> split(std::string_view buffer) {
    if (buffer.empty()) return malformed("it is empty");
    if (buffer[0] != 2) return other_type(std::to_string(static_cast<unsigned char>(buffer[0])));
    if (buffer.size() < head_size + block_size || (buffer.size() - head_size) % block_size != 0)
        return malformed("it was cut short");
    if (buffer.size() > std::size_t{1} << 30) return malformed("it is larger than 1 GiB");
    return Parts{buffer.substr(1, iv_size), buffer.substr(1 + iv_size, mac_size),
                 buffer.substr(head_size)};
}

} // namespace

Result<std::string> text_to_bytes(std::string_view enc_string) {
    const auto dot = enc_string.find('.');
    const auto bar = enc_string.find('|');
    if (dot == std::string_view::npos || bar < dot)
        return other_type(bar == std::string_view::npos ? "unknown" : "0");
    if (enc_string.substr(0, dot) != "2") return other_type(enc_string.substr(0, dot));
    const auto second = bar == std::string_view::npos ? bar : enc_string.find('|', bar + 1);
    if (second == std::string_view::npos) return malformed("it has too few parts");
    const auto iv = text::base64_decode(enc_string.substr(dot + 1, bar - dot - 1));
    const auto ciphertext = text::base64_decode(enc_string.substr(bar + 1, second - bar - 1));
    const auto mac = text::base64_decode(enc_string.substr(second + 1));
    if (!iv || !ciphertext || !mac) return malformed("it is not base64");
    if (iv->size() != iv_size || mac->size() != mac_size || ciphertext->empty() ||
        ciphertext->size() % block_size != 0)
        return malformed("a part of it has a wrong size");
    return "\x02" + *iv + *mac + *ciphertext;
}

Result<std::string> bytes_to_text(std::string_view buffer) {
    STANCH_TRY(const Parts parts, split(buffer));
    return "2." + text::base64_encode(parts.iv) + "|" + text::base64_encode(parts.ciphertext) +
           "|" + text::base64_encode(parts.mac);
}

Result<Secret> open_text(std::string_view enc_string, const Key& key) {
    STANCH_TRY(const std::string buffer, text_to_bytes(enc_string));
    return open_bytes(buffer, key);
}

Result<Secret> open_bytes(std::string_view buffer, const Key& key) {
    STANCH_TRY(const Parts parts, split(buffer));
    return decrypt(parts, key);
}

Result<Key> open_key(std::string_view enc_string, const Key& key) {
    STANCH_TRY(const Secret bytes, open_text(enc_string, key));
    return Key::from(bytes.reveal());
}

std::string seal_bytes(std::string_view plain, const Key& key) {
    const std::size_t padded = (plain.size() / block_size + 1) * block_size;
    std::string buffer(head_size + padded, '\2');
    auto* out = reinterpret_cast<unsigned char*>(buffer.data());
    randombytes_buf(out + 1, iv_size);
    int written = 0;
    int last = 0;
    EVP_CIPHER_CTX* c = context();
    const bool done = EVP_EncryptInit_ex2(c, aes(), raw(key.encryption()), out + 1, nullptr) == 1 &&
                      EVP_EncryptUpdate(c, out + head_size, &written, raw(plain),
                                        static_cast<int>(plain.size())) == 1 &&
                      EVP_EncryptFinal_ex(c, out + head_size + written, &last) == 1;
    EVP_CIPHER_CTX_reset(c);
    if (!done) throw std::bad_alloc(); // the only way for AES to fail
    const std::string_view all = buffer;
    const auto mac = mac_of({all.substr(1, iv_size), {}, all.substr(head_size)}, key);
    std::ranges::copy(mac, out + 1 + iv_size);
    return buffer;
}

std::string seal_text(std::string_view plain, const Key& key) {
    return *bytes_to_text(seal_bytes(plain, key));
}

} // namespace stanch::vault
