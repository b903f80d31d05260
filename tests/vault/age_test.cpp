#include "vault/wire/age.h"

#include <doctest/doctest.h>

using stanch::vault::age;
using std::chrono::milliseconds;

TEST_CASE("the age of a revision is never said to be more than it is") {
    const auto* now = "Wed, 25 Nov 2026 05:08:01 GMT";
    CHECK(age("2026-11-25T05:08:00Z", now) == milliseconds(1000));
    CHECK(age("2026-11-25T05:07:59.425938Z", now) == milliseconds(1574));
    CHECK(age("2026-11-25T05:07:59.5Z", now) == milliseconds(1499));
    CHECK(age("2026-11-25T05:08:01.9Z", now) == milliseconds(0)); // whole seconds beside fractions
    CHECK(age("2026-11-24T05:08:01Z", now) == milliseconds(86'400'000));
    CHECK(age("2026-11-25T10:37:59.425938+05:30", now) == milliseconds(1574));
    CHECK(age("2026-11-24T21:08:00-08:00", now) == milliseconds(1000));
    CHECK(age("2026-11-25T05:08:00.5000000", now) == milliseconds(499)); // no zone: UTC
    CHECK_FALSE(age("", now));
    CHECK_FALSE(age("2026-11-25T05:08:00Z", ""));
    CHECK_FALSE(age("yesterday", "now"));
}
