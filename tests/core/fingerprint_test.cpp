#include "core/fingerprint.h"

#include "core/secret.h"
#include "support/made.h"

#include <doctest/doctest.h>
#include <set>

using stanch::Fingerprint;
using stanch::Secret;
namespace made = stanch::made;

TEST_CASE("rule, value and context all count, and survive a round trip") {
    const Secret secret(made::random(made::alnum, 40));
    const auto base = Fingerprint::of("rule", secret, "api_key");
    CHECK(base == Fingerprint::of("rule", secret, "api_key"));
    CHECK(base != Fingerprint::of("rule2", secret, "api_key"));
    CHECK(base != Fingerprint::of("rule", secret, "other"));
    CHECK(base != Fingerprint::of("rule", Secret(made::random(made::alnum, 40, 2)), "api_key"));
    CHECK(Fingerprint::parse(base.hex()) == base);
    CHECK(base.short_hex() == base.hex().substr(0, 8));
}

TEST_CASE("a guessable value contributes 12 bits only") {
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 20'000; ++seed)
        seen.insert(
            Fingerprint::of("rule", Secret(made::random(made::digits, 8, seed)), "pin").hex());
    CHECK(seen.size() <= 4096);
    CHECK(seen.size() > 3900);
}

TEST_CASE("parse refuses what is not a fingerprint") {
    CHECK_FALSE(Fingerprint::parse("").has_value());
    CHECK_FALSE(Fingerprint::parse(std::string(32, 'g')).has_value());
    CHECK_FALSE(Fingerprint::parse(std::string(31, 'a')).has_value());
    CHECK_FALSE(Fingerprint::parse(std::string(32, 'A')).has_value());
}
