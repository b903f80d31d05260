#include "vault/crypto/kdf.h"

#include "text/encoding.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>

using namespace stanch;
using namespace stanch::vault;

namespace {

std::string hex(const Secret& secret) {
    return text::hex_encode(secret.reveal());
}

} // namespace

TEST_CASE("PBKDF2 is the one of OpenSSL") {
    for (const std::size_t length : {0, 1, 20, 63, 64, 65, 200})
        for (const int rounds : {1, 2, 3, 1000}) {
            const std::string password(length, 'p');
            const std::string salt(length / 2 + 1, 's');
            std::string expected(32, '\0');
            PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                              reinterpret_cast<const unsigned char*>(salt.data()),
                              static_cast<int>(salt.size()), rounds, EVP_sha256(), 32,
                              reinterpret_cast<unsigned char*>(expected.data()));
            CHECK(pbkdf2(password, salt, static_cast<std::uint32_t>(rounds)).reveal() == expected);
        }
}

TEST_CASE("HKDF-Expand has the output of RFC 5869, A.1") {
    const auto prk =
        text::hex_decode("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    const auto info = text::hex_decode("f0f1f2f3f4f5f6f7f8f9");
    CHECK(hex(hkdf_expand(*prk, *info, 42)) ==
          "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST_CASE("a weak key derivation is refused before anything is derived") {
    const auto weak = [](Kdf kdf) {
        const auto key = master_key(Secret("word"), "a@example.com", kdf);
        return !key && key.error().kind == ErrorKind::refused;
    };
    CHECK(weak({.type = Kdf::Type::pbkdf2, .iterations = 1}));
    CHECK(weak({.type = Kdf::Type::pbkdf2, .iterations = 4999}));
    CHECK(weak({.type = Kdf::Type::pbkdf2, .iterations = 4'000'000'000}));
    CHECK(weak({.type = Kdf::Type::argon2id, .iterations = 1, .memory = 64, .parallelism = 4}));
    CHECK(weak({.type = Kdf::Type::argon2id, .iterations = 3, .memory = 15, .parallelism = 4}));
    CHECK(weak({.type = Kdf::Type::argon2id, .iterations = 3, .memory = 64, .parallelism = 0}));
    CHECK(weak(
        {.type = Kdf::Type::argon2id, .iterations = 3, .memory = 1'000'000, .parallelism = 4}));
    CHECK(!weak({.type = Kdf::Type::pbkdf2, .iterations = 5000}));
    CHECK(!weak({.type = Kdf::Type::argon2id, .iterations = 2, .memory = 16, .parallelism = 1}));
}

TEST_CASE("the default salt is the e-mail address, trimmed and in lower case") {
    CHECK(normalized_email("  Member-x@Example.com\n") == "member-x@example.com");
    CHECK(normalized_email(" ").empty());
}
