#include "vault/crypto/rsa.h"

#include "text/encoding.h"

#include <memory>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace stanch::vault {
namespace {

struct FreePkey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using Pkey = std::unique_ptr<EVP_PKEY, FreePkey>;
using Context = std::unique_ptr<EVP_PKEY_CTX, FreeContext>;

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Result<Pkey> checked(EVP_PKEY* key, const char* what) {
    Pkey owned(key);
    if (!owned || EVP_PKEY_get_base_id(owned.get()) != EVP_PKEY_RSA ||
        EVP_PKEY_get_bits(owned.get()) < 2048)
        return fail(ErrorKind::invalid,
                    std::string(what) + " is not an RSA key of 2048 bits or more");
    return owned;
}

Result<Pkey> parse_private(const Secret& der) {
    const unsigned char* at = raw(der.reveal());
    return checked(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())),
                   "the private key");
}

Result<Pkey> parse_public(std::string_view der) {
    const unsigned char* at = raw(der);
    return checked(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())), "the public key");
}

using Start = int(EVP_PKEY_CTX*);
using Work = int(EVP_PKEY_CTX*, unsigned char*, std::size_t*, const unsigned char*, std::size_t);

Result<Secret> oaep(EVP_PKEY* key, std::string_view input, const EVP_MD* hash, Start* start,
                    Work* work) {
    const Context context(EVP_PKEY_CTX_new(key, nullptr));
    std::size_t size = 0;
    if (!context || start(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), hash) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), hash) != 1 ||
        work(context.get(), nullptr, &size, raw(input), input.size()) != 1)
        return fail(ErrorKind::internal, "RSA-OAEP is not available");
    Secret out = Secret::zeroed(size);
    auto* target = reinterpret_cast<unsigned char*>(out.writable().data());
    if (work(context.get(), target, &size, raw(input), input.size()) != 1)
        return fail(ErrorKind::invalid, "a wrapped key belongs to another RSA key, or was changed");
    out.shorten(size);
    return out;
}

// The SubjectPublicKeyInfo of a key, DER.
std::string public_der(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size > 0 ? size : 0));
    OPENSSL_free(der);
    return out;
}

struct FreePkcs8 {
    void operator()(PKCS8_PRIV_KEY_INFO* info) const { PKCS8_PRIV_KEY_INFO_free(info); }
};

Result<Secret> private_der(EVP_PKEY* key) {
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreePkcs8> info(EVP_PKEY2PKCS8(key));
    unsigned char* der = nullptr;
    const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der) : 0;
    if (size <= 0) return fail(ErrorKind::internal, "an RSA key cannot be written");
    Secret out({reinterpret_cast<char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_clear_free(der, static_cast<std::size_t>(size));
    return out;
}

} // namespace

Result<RsaPair> generate_rsa() {
    const Pkey key(EVP_RSA_gen(2048));
    if (!key) return fail(ErrorKind::internal, "an RSA key cannot be made");
    STANCH_TRY(Secret private_key, private_der(key.get()));
    return RsaPair{std::move(private_key), public_der(key.get())};
}

Result<Key> open_rsa(std::string_view enc_string, const Secret& private_key) {
    const std::string_view type = enc_string.substr(0, enc_string.find('.'));
    if (type.size() != 1 || type[0] < '3' || type[0] > '6' || enc_string.size() < 3)
        return fail(ErrorKind::invalid, "a wrapped key is of a type that stanch does not know");
    std::string_view body = enc_string.substr(2);
    body = body.substr(0, body.find('|'));
    const auto ciphertext = text::base64_decode(body);
    if (!ciphertext) return fail(ErrorKind::invalid, "a wrapped key is not base64");
    STANCH_TRY(const Pkey key, parse_private(private_key));
    const bool sha256_hash = type[0] == '3' || type[0] == '5';
    STANCH_TRY(const Secret bytes,
               oaep(key.get(), *ciphertext, sha256_hash ? EVP_sha256() : EVP_sha1(),
                    EVP_PKEY_decrypt_init, EVP_PKEY_decrypt));
    return Key::from(bytes.reveal());
}

Result<std::string> seal_rsa(const Key& key, std::string_view public_key) {
    STANCH_TRY(const Pkey parsed, parse_public(public_key));
    STANCH_TRY(const Secret sealed, oaep(parsed.get(), key.reveal(), EVP_sha1(),
                                         EVP_PKEY_encrypt_init, EVP_PKEY_encrypt));
    return "4." + text::base64_encode(sealed.reveal());
}

Result<std::string> rsa_public(const Secret& private_key) {
    STANCH_TRY(const Pkey key, parse_private(private_key));
    return public_der(key.get());
}

} // namespace stanch::vault
