// What is read around a frequent literal never loses a match: expressions that mix cases, nest and
// repeat, on random texts, against the expression itself.
#include "catalog/catalog.h"
#include "scan/engine.h"
#include "scan/pattern/first_stage.h"
#include "scan/pattern/regex.h"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <random>

using namespace stanch;
using namespace stanch::scan;

namespace {

constexpr const char* expressions[] = {
    "K(?i:ey)[a-z=]{3}",
    "(?i)x?(?:ab|cb)key[0-9]",
    "(?:aa|bB){2,9}key.{0,3}z",
    "(?i:key|pass)[a-z]{0,30}[=: ]{1,3}(?:a[bc]{1,7}|0{2,5})z",
    "(?:(?:ab)+|c)?[ =]key(?:=a|=b[ab]{2,})",
    R"(\b(?i:key)\b ?= ?"?[ab]{2,200}"?(?:[ z]|$))",
    "(?:a{15}|b)key[0-9=]{1,20}",
    "a(?:key)?key=(?:|a|b=)c",
};

std::string random_text(std::mt19937_64& random) {
    constexpr std::string_view pieces[] = {"key", "Key", "KEY", "kEy", "pass", "=", "= ", "a",
                                           "b",   "c",   "ab",  "bB",  "aa",   "0", "00", "z",
                                           " ",   "\n",  "\"",  "AB",  "cb",   "x", ":"};
    std::string text;
    for (std::size_t left = random() % 60; left > 0; --left) {
        const std::string_view piece = pieces[random() % std::size(pieces)];
        for (std::size_t times = random() % 9 == 0 ? 16 : 1; times > 0; --times)
            text += piece;
    }
    return text;
}

} // namespace

TEST_CASE("what is read around a literal loses no match") {
    const auto folder = std::filesystem::temp_directory_path() / "stanch-automaton-test";
    setenv("XDG_CACHE_HOME", folder.c_str(), 1);
    std::mt19937_64 random(7);
    for (const char* expression : expressions) {
        const auto parsed = parse_expression(expression);
        REQUIRE(parsed);
        CHECK(std::ranges::any_of(derive_first_stage(parsed->tree).anchors, [](const Anchor& each) {
            return each.forward.automaton != nullptr;
        }));
        catalog::RuleSet set;
        set.rules.emplace_back();
        set.rules[0].id = "one";
        set.rules[0].regex = expression;
        const auto engine = Engine::with(set);
        REQUIRE(engine);
        Matcher matcher(*engine);
        const auto regex = Regex::compile(expression);
        REQUIRE(regex);
        std::size_t matched = 0;
        for (int round = 0; round < 4000; ++round) {
            const std::string text = random_text(random);
            std::vector<Finding> findings;
            matcher.scan({.bytes = text, .path = "a", .commit = {}}, findings);
            INFO(std::string(expression) << "\n" << text);
            REQUIRE(findings.empty() != regex->found_in(text));
            matched += findings.empty() ? 0 : 1;
        }
        CHECK(matched > 0);
    }
}

TEST_CASE("automata as one let pass what one of them lets pass, and no more") {
    std::mt19937_64 random(11);
    std::vector<Reading> readings;
    for (const char* expression : expressions) {
        const auto parsed = parse_expression(expression);
        REQUIRE(parsed);
        for (const Anchor& anchor : derive_first_stage(parsed->tree).anchors)
            if (anchor.forward.automaton != nullptr) readings.push_back(anchor.forward);
    }
    const auto after = [](const Reading& reading, std::string_view text) {
        std::uint16_t state = reading.start;
        for (const char c : text)
            if (state > Automaton::accepted)
                state = reading.automaton
                            ->next[std::size_t{state} * reading.automaton->width +
                                   reading.automaton->classes[static_cast<unsigned char>(c)]];
        return state;
    };
    const Reading exact = united(readings, 60'000);
    const Reading small = united(readings, 20);
    CHECK(small.automaton->next.size() <= std::size_t{20} * small.automaton->width);
    for (int round = 0; round < 3000; ++round) {
        const std::string text = random_text(random);
        const auto lets_pass = [&](std::uint16_t limit) {
            return std::ranges::any_of(readings, [&](const Reading& reading) {
                const std::uint16_t state = after(reading, text);
                return state != Automaton::dead && state <= limit;
            });
        };
        const std::uint16_t state = after(exact, text);
        CHECK((state == Automaton::accepted) == lets_pass(Automaton::accepted));
        CHECK((state == Automaton::dead) == !lets_pass(Automaton::most_states));
        if (after(small, text) == Automaton::dead) CHECK(state == Automaton::dead);
    }
}
