#include "scan/known.h"

#include "support/made.h"
#include "text/encoding.h"

#include <doctest/doctest.h>

using stanch::Secret;
using stanch::scan::KnownValue;
using stanch::scan::KnownValues;
namespace made = stanch::made;
namespace text = stanch::text;

namespace {

// Every printable character, quotes and backslashes included, and some bytes of UTF-8.
std::string awkward(std::size_t size, std::uint64_t seed) {
    std::string alphabet;
    for (char c = 0x20; c < 0x7f; ++c)
        alphabet += c;
    alphabet += "\n\t";
    return made::random(alphabet, size, seed);
}

KnownValues known(const std::vector<std::string>& values) {
    std::vector<KnownValue> list;
    for (const std::string& value : values)
        list.push_back({"NAME", ".env", Secret(value)});
    return KnownValues(std::move(list));
}

bool found(const KnownValues& values, const std::string& text, std::size_t value) {
    for (const auto& match : values.find(text))
        if (match.value == value) return true;
    return false;
}

} // namespace

TEST_CASE("1,000 values of every length are found in every form, in the midst of text") {
    std::vector<std::string> values;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        const std::size_t size = seed < 600 ? 8 + seed % 60 : 8 + seed * 4;
        values.push_back(seed % 2 == 0 ? awkward(size, seed)
                                       : made::random(made::alnum, size, seed));
    }
    const KnownValues all = known(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string& value = values[i];
        CAPTURE(i);
        CHECK(found(all, "longer" + value + "word", i));
        CHECK(found(all, "x = " + text::hex_encode(value), i));
        CHECK(found(all, "{\"a\": \"" + text::json_escape(value) + "\"}", i));
        CHECK(found(all, "https://h/?k=" + text::percent_encode(value) + "&b=1", i));
        for (std::size_t before = 0; before < 3; ++before)
            for (const auto alphabet : {text::Base64::standard, text::Base64::url_bare})
                CHECK(found(all,
                            "a: " + text::base64_encode(std::string(before, 'u') + value + "tail",
                                                        alphabet),
                            i));
    }
}

TEST_CASE("a match tells where it stands in the text as given") {
    const std::string value = "p\"ss" + made::random(made::alnum, 12);
    const KnownValues one = known({value});
    const std::string line = "key = \"" + text::json_escape(value) + "\" # \\n";
    const auto matches = one.find(line);
    REQUIRE(matches.size() == 1);
    CHECK(line.substr(matches[0].begin, matches[0].end - matches[0].begin) ==
          text::json_escape(value));
    CHECK(matches[0].form == "escaped");
    CHECK(one.find("k=" + value)[0].form == "plain");
}

TEST_CASE("nothing else is found, and a short value is not looked for") {
    const KnownValues some = known({made::random(made::alnum, 20), "short"});
    CHECK(some.values().size() == 1);
    CHECK(some.find(made::random(made::alnum, 100'000, 9)).empty());
    CHECK(some.find("short").empty());
    CHECK(some.find("").empty());
}

TEST_CASE("form encoding, upper-case hex, Python's \\x and surrogate pairs") {
    const std::string spaced = "ab cd ef " + made::random(made::alnum, 8);
    CHECK(found(known({spaced}), "q=ab+cd+ef+" + spaced.substr(9), 0));
    const std::string smile = "\xf0\x9f\x99\x82" + made::random(made::alnum, 12);
    CHECK(found(known({smile}), "\"\\ud83d\\ude42" + smile.substr(4) + "\"", 0));
    CHECK(found(known({smile}), "b'\\xf0\\x9f\\x99\\x82" + smile.substr(4) + "'", 0));
    std::string hex = text::hex_encode(smile);
    for (char& c : hex)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    CHECK(found(known({smile}), hex, 0));
}
