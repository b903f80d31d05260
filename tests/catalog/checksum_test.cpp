#include "catalog/checksum.h"
#include "support/made.h"
#include "text/encoding.h"

#include <doctest/doctest.h>

using namespace stanch;
using catalog::Check;

namespace {

Check check(std::string_view name, std::string_view value) {
    const catalog::Verifier* verifier = catalog::find_verifier(name);
    REQUIRE(verifier != nullptr);
    return verifier->check(value);
}

} // namespace

TEST_CASE("CRC-32 has the check value of ISO 3309") {
    CHECK(catalog::crc32("123456789") == 0xcbf43926U);
}

TEST_CASE("a token's tail is the CRC-32 of its body in base 62") {
    // 0xcbf43926 = 3421780262 = 3*62^5 + 45*62^4 + 35*62^3 + 21*62^2 + 29*62 + 50
    CHECK(catalog::crc32_base62("123456789").size() == 6);
    const std::string body = made::random(made::alnum, 30);
    std::string token = "ghp_" + body + catalog::crc32_base62(body);
    CHECK(check("github-crc32", token) == Check::proved);
    token[10] = token[10] == 'a' ? 'b' : 'a';
    CHECK(check("github-crc32", token) == Check::failed);
    CHECK(check("github-crc32", "ghp_") == Check::failed);
    CHECK(check("github-crc32", "") == Check::failed);
}

TEST_CASE("Luhn's digit") {
    CHECK(check("luhn", "4242 4242 4242 4242") == Check::passed);
    CHECK(check("luhn", "4242424242424241") == Check::failed);
    CHECK(check("luhn", "42a2") == Check::failed);
}

TEST_CASE("a JSON Web Token decodes to two objects") {
    const auto part = [](std::string_view json) {
        return text::base64_encode(json, text::Base64::url_bare);
    };
    const std::string good = part(R"({"alg":"HS256"})") + "." + part(R"({"sub":"1"})") + ".c2ln";
    CHECK(check("jwt", good) == Check::passed);
    CHECK(check("jwt", part(R"({"typ":"JWT"})") + "." + part(R"({"sub":"1"})") + ".c2ln") ==
          Check::failed);
    CHECK(check("jwt", "a.b") == Check::failed);
}

TEST_CASE("a PEM block has a key's worth of base64, whatever its newlines are") {
    const std::string body = text::base64_encode(made::random(made::alnum, 60));
    const std::string begin = "-----BEGIN "
                              "PRIVATE KEY-----";
    const std::string end = "-----END "
                            "PRIVATE KEY-----";
    CHECK(check("pem", begin + "\n" + body + "\n" + end) == Check::passed);
    CHECK(check("pem", begin + "\\n" + body + "\\n" + end) == Check::passed);
    CHECK(check("pem", begin + "\nProc-Type: 4,ENCRYPTED\n\n" + body + "\n" + end) ==
          Check::passed);
    CHECK(check("pem", begin + "\n...\n" + end) == Check::failed);
}

TEST_CASE("a URL with a password, a UUID") {
    CHECK(check("url-userinfo", "postgres://u:" + made::random(made::alnum, 8) + "@h/db") ==
          Check::passed);
    CHECK(check("url-userinfo", "postgres://u@h/db") == Check::failed);
    CHECK(check("uuid", "01234567-89ab-4cde-8f01-23456789abcd") == Check::passed);
    CHECK(check("uuid", "00000000-0000-0000-0000-000000000000") == Check::failed);
}
