#include "privilege/reuse.h"

#include "text/encoding.h"

#include <doctest/doctest.h>

using namespace stanch;
using namespace stanch::privilege;

namespace {

std::vector<Shared> shared(const std::vector<std::string>& values) {
    std::vector<Stored> stored(values.size());
    std::vector<const Stored*> list;
    for (std::size_t i = 0; i < values.size(); ++i) {
        stored[i].value = Secret(values[i]);
        list.push_back(&stored[i]);
    }
    return find_shared(list);
}

std::string value_of(std::size_t number) {
    return "v" + std::to_string(number * 7919 + 13) + "Qx" + std::to_string(number * 104729 + 7);
}

} // namespace

TEST_CASE("one value in every dress") {
    const std::string value = "p@ss/w:rd+" + value_of(1);
    const std::vector<std::string> dressed{
        value,
        text::percent_encode(value),
        "postgres://user:" + text::percent_encode(value) + "@host:5432/db",
        "host=h password='" + value + "' dbname=d",
        "Server=h;Pwd=" + value + ";",
        text::base64_encode(value),
        "Basic " + text::base64_encode("user:" + value),
        "https://h/x?token=" + text::percent_encode(value) + "&y=1",
        "redis://:" + text::percent_encode(value) + "@h:6379/0",
        "Bearer " + value,
    };
    for (std::size_t i = 1; i < dressed.size(); ++i) {
        CAPTURE(i);
        CHECK(shared({dressed[0], dressed[i], value_of(2)}).size() == 1);
    }
    CHECK(shared(dressed)[0].places.size() == dressed.size());
}

TEST_CASE("a password with '&' in a connection string, and one that '&' ends in a query") {
    const std::string value = value_of(1) + "&+" + value_of(2);
    CHECK(shared({value, "Server=db;Pwd=" + value + ";Timeout=3"}).size() == 1);
    CHECK(shared({value_of(1), "https://h/?token=" + value_of(1) + "&page=2"}).size() == 1);
}

TEST_CASE("no false pairs") {
    CHECK(shared({value_of(1), value_of(2), value_of(3)}).empty());
    // The same host, user and database are not the same secret.
    CHECK(shared({"postgres://u:" + value_of(1) + "@h/d", "postgres://u:" + value_of(2) + "@h/d"})
              .empty());
    CHECK(shared({"a", "a"}).empty());
    CHECK(shared({"", ""}).empty());
}

TEST_CASE("ten thousand values, three hundred of them shared") {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < 9700; ++i)
        values.push_back(value_of(i));
    for (std::size_t i = 0; i < 300; ++i) {
        const std::string value = value_of(i * 31);
        values.push_back(i % 3 == 0   ? value
                         : i % 3 == 1 ? text::percent_encode(value)
                                      : "postgresql://app:" + value + "@db:5432/main");
    }
    const auto found = shared(values);
    CHECK(found.size() == 300);
    for (const Shared& group : found)
        CHECK(group.places.size() == 2);
}
