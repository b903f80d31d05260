#include "scan/known.h"

#include "scan/known_digests.h"

#include "support/made.h"
#include "text/encoding.h"

#include <doctest/doctest.h>

using stanch::Secret;
using stanch::SecretPart;
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
        list.push_back({"NAME", ".env", SecretPart(Secret(value))});
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

TEST_CASE("the judge is asked about what was found, once, and not about what is certain") {
    std::vector<KnownValue> list;
    for (const char* name : {"HARMLESS", "SECRET", "CERTAIN"})
        list.push_back({name, ".env",
                        SecretPart(Secret(made::random(made::alnum, 20, list.size()))),
                        std::string_view(name) == "CERTAIN"});
    std::vector<std::string> texts;
    for (const KnownValue& value : list)
        texts.emplace_back(value.value.reveal());
    std::vector<std::string> asked;
    const KnownValues values(std::move(list), [&](const KnownValue& value) {
        asked.push_back(value.name);
        return value.name == "SECRET";
    });
    CHECK(asked.empty());
    CHECK_FALSE(found(values, "a " + texts[0] + " b " + texts[0], 0));
    CHECK(found(values, texts[1] + " " + texts[2] + text::hex_encode(texts[1]), 1));
    CHECK(found(values, texts[2], 2));
    CHECK(asked == std::vector<std::string>{"HARMLESS", "SECRET"});
}

TEST_CASE("values that begin alike are told apart") {
    const std::string start = made::random(made::alnum, 12);
    const KnownValues values = known({start + "first", start + "second", start});
    CHECK(found(values, start + "second", 1));
    CHECK_FALSE(found(values, start + "second", 0));
    CHECK(found(values, text::hex_encode(start + "first"), 0));
    CHECK(found(values, start + "third", 2));
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

TEST_CASE("digests find the same without the values, and show none") {
    std::vector<KnownValue> values;
    std::vector<std::string> plain;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        plain.push_back(awkward(8 + seed * 7, seed));
        values.push_back(
            {"NAME" + std::to_string(seed), "vault", SecretPart(Secret(plain.back()))});
    }
    const Secret bytes = stanch::scan::KnownDigests::digest(values);
    for (const std::string& value : plain)
        CHECK(bytes.reveal().find(value) == std::string_view::npos);
    const auto digests = stanch::scan::KnownDigests::read(bytes);
    REQUIRE(digests);
    const KnownValues known_values(std::move(values));
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const std::string text =
            "a " + plain[i] + " b " + text::base64_encode("xy" + plain[i] + "z") + " c " +
            text::hex_encode(plain[i]) + " d " + text::percent_encode(plain[i]) + " \"" +
            text::json_escape(plain[i]) + "\"";
        CHECK(digests->find(text) == known_values.find(text));
        CHECK(digests->find(text).size() >= 4);
    }
    CHECK(digests->find(made::random(made::alnum, 100'000, 9)).empty());
    CHECK(digests->name(3) == "NAME3");
}

TEST_CASE("a damaged list of digests is refused") {
    std::vector<KnownValue> values;
    values.push_back({"NAME", "vault", SecretPart(Secret(awkward(30, 1)))});
    const Secret bytes = stanch::scan::KnownDigests::digest(values);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const bool between = size >= 15 + 32 + 4 + 8 && (size - (15 + 32 + 4 + 8)) % 32 == 0;
        if (!between)
            CHECK_FALSE(stanch::scan::KnownDigests::read(Secret(bytes.reveal().substr(0, size))));
    }
}
