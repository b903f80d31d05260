#include "vault/crypto/rsa.h"
#include "vault/crypto/sealed.h"

#include <doctest/doctest.h>

using namespace stanch;
using namespace stanch::vault;

TEST_CASE("what is sealed opens again, in both forms and at every size") {
    const Key key = Key::random();
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string plain(size, static_cast<char>('a' + size % 26));
        const auto text = open_text(seal_text(plain, key), key);
        REQUIRE(text);
        CHECK(text->reveal() == plain);
        const auto bytes = open_bytes(seal_bytes(plain, key), key);
        REQUIRE(bytes);
        CHECK(bytes->reveal() == plain);
    }
}

TEST_CASE("every changed bit is refused") {
    const Key key = Key::random();
    const std::string sealed = seal_bytes("a value of some length", key);
    for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
        std::string changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        CHECK(!open_bytes(changed, key));
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        CHECK(!open_bytes(sealed.substr(0, size), key));
    CHECK(!open_bytes(sealed, Key::random()));
}

TEST_CASE("other types are named, not read") {
    const Key key = Key::random();
    const auto says = [&](const char* text, const char* part) {
        const auto opened = open_text(text, key);
        return !opened && opened.error().what.find(part) != std::string::npos;
    };
    CHECK(says("7.AAAA", "version 2"));
    CHECK(says("0.AAAA|BBBB", "type 0"));
    CHECK(says("AAAA|BBBB", "type 0"));
    CHECK(says("2.AAAA|BBBB", "too few parts"));
    CHECK(says("2.A|B|C", "base64"));
    CHECK(says("2.AAAA|BBBB|CCCC", "wrong size"));
    CHECK(!open_text("", key));
    CHECK(!open_text("2.", key));
    CHECK(!open_text("|||", key));
}

TEST_CASE("an organization's key reaches a member through RSA") {
    const auto pair = generate_rsa();
    REQUIRE(pair);
    CHECK(rsa_public(pair->private_key).value() == pair->public_key);
    const Key key = Key::random();
    const auto sealed = seal_rsa(key, pair->public_key);
    REQUIRE(sealed);
    CHECK(open_rsa(*sealed, pair->private_key).value().reveal() == key.reveal());
    CHECK(!open_rsa("4.AAAA", pair->private_key));
    CHECK(!open_rsa("2.AAAA", pair->private_key));
    CHECK(!open_rsa(*sealed, Secret("no key")));
    CHECK(!seal_rsa(key, "no key"));
}
