#include "env/views.h"
#include "env/write.h"
#include "support/made.h"

#include <algorithm>
#include <doctest/doctest.h>

namespace env = stanch::env;
using env::Dialect;
using stanch::Secret;

namespace {

std::string after(std::string_view text, std::string_view name, std::string_view value) {
    const auto written = env::set_variable(text, name, Secret(value), env::all_dialects);
    REQUIRE(written);
    return std::string(written->text.reveal());
}

} // namespace

TEST_CASE("only the value changes, every other byte stays") {
    CHECK(after("# head\r\nexport A = 'old'  # why\r\nB=2", "A", "new") ==
          "# head\r\nexport A = new  # why\r\nB=2");
    CHECK(after("A=1 # c\nA=2\n", "A", "3") == "A=1 # c\nA=3\n");
    CHECK(after("A=1", "B", "2") == "A=1\nB=2\n");
    CHECK(after("A=1\r\n", "B", "2") == "A=1\r\nB=2\r\n");
    CHECK(after("", "B", "2") == "B=2\n");
    CHECK(after("A\nB=1\n", "A", "2") == "A=2\nB=1\n");
    CHECK(after("A=\nB=1\n", "A", "2") == "A=2\nB=1\n");
}

TEST_CASE("awkward values are read back by python-dotenv's dialect, and who differs is said") {
    for (const std::string_view value : {"",
                                         " ",
                                         "a b",
                                         "a'b",
                                         "a\"b",
                                         "a#b",
                                         "a #b",
                                         "$HOME",
                                         "a\\b",
                                         "a\\nb",
                                         "line\nline",
                                         "tab\there",
                                         "{\"k\": \"v\"}",
                                         "'quoted'",
                                         "\"quoted\"",
                                         "`x`",
                                         "a;b&c|d",
                                         "ends\\",
                                         "é日本",
                                         "~",
                                         "#start",
                                         "=",
                                         "a'b\"c",
                                         "-----BEGIN X-----\nabc\n"}) {
        CAPTURE(value);
        const auto written = env::set_variable("Z=1\n", "A", Secret(value), env::all_dialects);
        REQUIRE(written);
        for (const Dialect dialect : env::all_dialects) {
            const bool told =
                std::ranges::find(written->misread, dialect) != written->misread.end();
            std::string read = "none";
            for (const env::Variable& variable :
                 env::variables(env::parse(written->text.reveal(), dialect), dialect))
                if (variable.name == "A") read = variable.value.reveal();
            CHECK((read == value || told));
            if (dialect == Dialect::python) CHECK(read == value);
        }
    }
    CHECK(env::set_variable("", "A", Secret("${X}"), env::all_dialects).error().kind ==
          stanch::ErrorKind::refused);
    CHECK_FALSE(env::set_variable("", "A B", Secret("x"), env::all_dialects));
    CHECK_FALSE(env::set_variable("", "A", Secret(std::string_view("a\0b", 3)), env::all_dialects));
}

TEST_CASE("plain values are read alike by all") {
    const auto written =
        env::set_variable("", "A", Secret(stanch::made::token("sk-", 30)), env::all_dialects);
    REQUIRE(written);
    CHECK(written->misread.empty());
    CHECK(env::compare_views(written->text.reveal(), env::all_dialects, {}).empty());
}

TEST_CASE(
    "a comparison says who reads something else, and never a name that may be a piece of a value") {
    const auto differences =
        env::compare_views("A=b#c\nB=ok\nPW=pa#ss word\n", env::all_dialects, {});
    REQUIRE(!differences.empty());
    CHECK(differences[0].line == 1);
    CHECK(differences[0].dialects == std::vector{Dialect::node});
    for (const env::Difference& difference : differences)
        CHECK(difference.name.empty());
    const auto sure = env::compare_views("A=b#c\n", std::array{Dialect::python, Dialect::node}, {});
    REQUIRE(sure.size() == 1);
    CHECK(sure[0].name == "A");
}
