#include "core/secret.h"

#include "support/made.h"

#include <doctest/doctest.h>
#include <type_traits>
#include <vector>

using stanch::Secret;
namespace made = stanch::made;

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<std::string, Secret>);

TEST_CASE("a secret gives its bytes only to reveal()") {
    const std::string value = made::random(made::alnum, 40);
    const Secret secret(value);
    CHECK(secret.reveal() == value);
    CHECK(secret.size() == 40);
    CHECK(secret.equals(secret.copy()));
    CHECK_FALSE(secret.equals(Secret(value.substr(1))));
}

TEST_CASE("moving empties the source, assigning frees the target") {
    Secret a(made::random(made::alnum, 64, 1));
    const std::string b_value = made::random(made::alnum, 5000, 2);
    Secret b(b_value);
    a = std::move(b);
    CHECK(a.reveal() == b_value);
    CHECK(b.empty()); // NOLINT(bugprone-use-after-move): that is the promise
}

TEST_CASE("freed blocks are wiped") {
    const std::string value = made::random(made::alnum, 100);
    const char* where = nullptr;
    {
        const Secret secret(value);
        where = secret.reveal().data();
    }
    // The page stays mapped (it belongs to the arena), so looking is allowed; a free block keeps
    // only a link.
    for (std::size_t i = sizeof(void*); i < value.size(); ++i)
        CHECK(where[i] == 0);
}

TEST_CASE("blocks of every size keep their own bytes") {
    std::vector<Secret> all;
    for (std::size_t size = 0; size < 5000; size += 37)
        all.emplace_back(std::string(size, static_cast<char>(size)));
    for (std::size_t i = 0; i < all.size(); ++i)
        CHECK(all[i].reveal() == std::string(i * 37, static_cast<char>(i * 37)));
}

TEST_CASE("redaction never shows more than a quarter") {
    for (std::size_t size = 0; size < 80; ++size) {
        const Secret secret(made::random(made::alnum, size));
        const std::size_t shown = secret.redacted().size() - std::string_view("…").size();
        CHECK(shown * 4 <= size);
    }
    CHECK(Secret(std::string(4, 'a') + std::string(32, 'x') + std::string(4, 'z')).redacted() ==
          "aaaa…zzzz");
    CHECK(Secret("short").redacted() == "…");
}

TEST_CASE("shorten wipes the tail") {
    Secret secret("0123456789");
    secret.shorten(4);
    CHECK(secret.reveal() == "0123");
    secret.shorten(9);
    CHECK(secret.size() == 4);
}
