#include "os/keyring.h"

#include <doctest/doctest.h>
#include <thread>
#include <unistd.h>

using namespace stanch;
using namespace std::chrono_literals;

TEST_CASE("a key rests in the keyring until its time is over, or the keyring says why it can't") {
    const std::string name = "stanch:test:" + std::to_string(getpid());
    const auto stored = os::keyring_store(name, Secret("one"), 60s);
    if (!stored) { // in a container that forbids it
        CHECK(stored.error().kind == ErrorKind::unavailable);
        CHECK(!stored.error().what.empty());
        return;
    }
    CHECK(os::keyring_load(name).value().reveal() == "one");
    REQUIRE(os::keyring_store(name, Secret("two"), 1s));
    CHECK(os::keyring_load(name).value().reveal() == "two");
    std::this_thread::sleep_for(1200ms);
    const auto expired = os::keyring_load(name);
    REQUIRE(!expired);
    CHECK(expired.error().kind == ErrorKind::not_found);
    REQUIRE(os::keyring_store(name, Secret("three"), 60s));
    CHECK(os::keyring_remove(name));
    CHECK(os::keyring_remove(name));
    CHECK(!os::keyring_load(name));
}
