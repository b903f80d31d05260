#include "vault/item/totp.h"
#include "vault/reference.h"
#include "vault/secrets_manager.h"
#include "vault/team/send_link.h"
#include "vault/wire/server.h"

#include "text/encoding.h"
#include "vault/crypto/kdf.h"

#include <doctest/doctest.h>

using namespace stanch;
using namespace stanch::vault;

TEST_CASE("one-time codes are those of RFC 6238, appendix B") {
    const std::string seed20 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // "12345678901234567890"
    const auto code = [](const std::string& seed, std::int64_t now) {
        const auto made = totp_code(Secret(seed), now);
        return made ? std::string(made->reveal()) : "none";
    };
    const std::string sha1 = "otpauth://totp/x?secret=" + seed20 + "&digits=8";
    CHECK(code(sha1, 59) == "94287082");
    CHECK(code(sha1, 1111111109) == "07081804");
    CHECK(code(sha1, 20000000000) == "65353130");
    CHECK(code(seed20, 59) == "287082");
    CHECK(code("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", 59) == "287082");
    const std::string seed32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA====";
    CHECK(code("otpauth://totp/x?algorithm=sha256&digits=8&secret=" + seed32, 59) == "46119246");
    CHECK(code("steam://" + seed20, 59).size() == 5);
    for (const char* bad :
         {"", "1", "otpauth://totp/x", "otpauth://totp/x?secret=AAAA&digits=99",
          "otpauth://totp/x?secret=AAAA&period=0", "otpauth://totp/?secret=AAAA&algorithm=MD5"})
        CHECK_MESSAGE(code(bad, 59) == "none", bad);
}

TEST_CASE("a reference names collection, item and field") {
    using R = Reference;
    CHECK(parse_reference("bw://Engineering/billing/password").value() ==
          R{"Engineering", "billing", "password"});
    CHECK(parse_reference("bw://A/B/item/api%20key").value() == R{"A/B", "item", "api key"});
    CHECK(parse_reference("bw://with%2Fslash/user").value() == R{"", "with/slash", "user"});
    CHECK(parse_reference("bw://item").value() == R{"", "item", ""});
    for (const char* bad : {"bw://", "bw:///x", "bw://a//b", "bw://a/%2", "item/field", "op://a/b"})
        CHECK_MESSAGE(!parse_reference(bad), bad);
    CHECK(readings("bw://x/y").value().front() == R{"", "x", "y"});
    CHECK(readings("x/y").value().front() == R{"", "x/y", ""}); // a name may hold a slash
    CHECK(readings("bw://c/x/y").value().front() == R{"c", "x", "y"});
    CHECK(readings("bw://c/x/y").value().back() == R{"c/x", "y", ""});
}

TEST_CASE("the parts of a Send's link") {
    const std::string material = text::base64_encode("0123456789abcdef", text::Base64::url_bare);
    const auto own = parse_send_link(Secret("https://vault.example.com/#/send/abc_-9/" + material));
    REQUIRE(own);
    CHECK(own->server == "https://vault.example.com/");
    CHECK(own->access_id == "abc_-9");
    CHECK(own->material.reveal() == "0123456789abcdef");
    CHECK(parse_send_link(Secret("https://send.bitwarden.eu/#abc/" + material)).value().server ==
          "eu");
    for (const std::string& bad :
         {std::string("https://x/"), std::string("https://x/#/send/abc/short"),
          "https://x/#/send//" + material, "https://x/#/send/../" + material}) {
        const auto parsed = parse_send_link(Secret(bad));
        REQUIRE(!parsed);
        CHECK(parsed.error().what.find(material) == std::string::npos);
    }
}

TEST_CASE("an access token's key is derived as in Bitwarden's SDK") {
    // The vector of the SDK's own test.
    const auto material = text::base64_decode(std::string("X8vbvA0bduih") + "IDe/qrzIQQ==");
    const auto expected =
        text::base64_decode(std::string("H9/oIRLtL9nGCQOVDjSMoEbJsjWXSOCb3qeyDt6ckzS3") +
                            "FhyboEDWyTP/CQfbIszNmAVg2ExFganG1FVFGXO/Jg==");
    REQUIRE(material);
    CHECK(access_token_key(Secret(*material)).reveal() == *expected);
    const std::string token =
        "0.0b1f6f0e-0000-4000-8000-000000000000.abc:" + text::base64_encode(*material);
    CHECK(parse_access_token(Secret(token)).value().id == "0b1f6f0e-0000-4000-8000-000000000000");
    for (const std::string& bad : {std::string(), std::string("0.a.b"), "1" + token.substr(1),
                                   token.substr(0, token.size() - 4)})
        CHECK(!parse_access_token(Secret(bad)));
}

TEST_CASE("a server's addresses") {
    CHECK(Server::parse("us").value().api == "https://api.bitwarden.com");
    CHECK(Server::parse("https://vault.bitwarden.eu/").value().identity ==
          "https://identity.bitwarden.eu");
    CHECK(Server::parse("https://pw.example.com/path/").value().api ==
          "https://pw.example.com/path/api");
    CHECK(Server::parse("us").value().send_link() == "https://send.bitwarden.com/#");
    CHECK(!Server::parse("http://pw.example.com"));
    CHECK(!Server::parse("https://pw.example.com/?x"));
}
