#include "catalog/catalog.h"
#include "catalog/checksum.h"
#include "support/made.h"

#include <doctest/doctest.h>

using namespace stanch;

TEST_CASE("a value is recognised by its form alone") {
    const std::string body = made::random(made::alnum, 30);
    const auto* rule = catalog::recognise("ghp_" + body + catalog::crc32_base62(body));
    REQUIRE(rule != nullptr);
    CHECK(rule->provider == "github");
    const auto* stripe = catalog::recognise(made::token("sk_"
                                                        "live_",
                                                        24));
    REQUIRE(stripe != nullptr);
    CHECK(stripe->provider == "stripe");
}

TEST_CASE("a wrong checksum, a part of a text and a bare password are nobody's") {
    CHECK(catalog::recognise("ghp_" + made::random(made::alnum, 36)) == nullptr);
    CHECK(catalog::recognise("key=" + made::token("sk_"
                                                  "live_",
                                                  24)) == nullptr);
    CHECK(catalog::recognise(made::random(made::alnum, 12)) == nullptr);
    CHECK(catalog::recognise("") == nullptr);
}
