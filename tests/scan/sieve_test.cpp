// The sieve against a search of each literal at each byte.
#include "scan/pattern/sieve.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <set>

using namespace stanch;
using namespace stanch::scan;

namespace {

using Found = std::set<std::pair<std::uint32_t, std::size_t>>;

std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t size) {
    std::uniform_int_distribution<std::size_t> any(0, alphabet.size() - 1);
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
        text += alphabet[any(random)];
    return text;
}

Probes probes_of(const std::vector<Text>& literals) {
    ProbesWriter writer;
    for (const Text& literal : literals) {
        Anchor anchor;
        anchor.text = literal.bytes;
        anchor.any_case = literal.any_case;
        (void)writer.add(0, anchor);
    }
    return Probes::of(writer.bytes());
}

// Few letters, so that a short literal is everywhere, and none twice.
std::vector<Text> random_literals(std::mt19937& random, std::size_t count) {
    std::uniform_int_distribution<std::size_t> size(3, 12);
    std::vector<Text> literals;
    std::set<std::pair<std::string, bool>> known;
    while (literals.size() < count) {
        const Text literal{random_text(random, "abk_-:\xc3", size(random)), random() % 2 == 0};
        if (known.emplace(Probes::searched(literal.bytes), literal.any_case).second)
            literals.push_back(literal);
    }
    return literals;
}

Found by_sieve(const Probes& probes, std::string_view text, Range part) {
    const Sieve sieve(probes, Anchor::Place::anywhere);
    Found found;
    sieve.in(text, part,
             [&](std::uint32_t anchor, std::size_t end) { found.emplace(anchor, end); });
    return found;
}

Found one_by_one(const Probes& probes, std::string_view text, Range part) {
    Found found;
    for (std::uint32_t anchor = 0; anchor < probes.size(); ++anchor) {
        const std::string_view literal = Probes::searched(probes.literal(anchor));
        for (std::size_t at = 0; at + literal.size() <= text.size(); ++at) {
            const bool same =
                std::ranges::equal(text.substr(at, literal.size()), literal, [&](char a, char b) {
                    return a == b || (probes.any_case(anchor) && b >= 'a' && a == b - 32);
                });
            const std::size_t window = at + probes.sieve_place(anchor).offset;
            if (same && window >= part.begin && window < part.end)
                found.emplace(anchor, at + literal.size());
        }
    }
    return found;
}

} // namespace

TEST_CASE("the sieve finds every literal, in a text of any length and in any part of it") {
    std::mt19937 random(20251125);
    for (const std::size_t count : {1, 5, 40, 300}) {
        const Probes probes = probes_of(random_literals(random, count));
        for (const std::size_t size : {0, 2, 3, 9, 63, 64, 66, 67, 68, 131, 5000}) {
            const std::string text = random_text(random, "abkABK_-: \xc3", size);
            const Range all{0, size};
            CHECK(by_sieve(probes, text, all) == one_by_one(probes, text, all));
            const Range part{size / 3, size - size / 4};
            CHECK(by_sieve(probes, text, part) == one_by_one(probes, text, part));
        }
    }
}

TEST_CASE("each kind of processor sees every window of a literal") {
    std::mt19937 random(7);
    std::string text = random_text(random, "abcxyzABCXYZ0189_-+/=:.\"' \n\xc3\xa9", 64 * 40 + 3);
    SieveTable table;
    std::vector<std::pair<std::size_t, std::string>> windows;
    for (std::size_t i = 0; i < 200; ++i) {
        const std::string window = text.substr(random() % (text.size() - sieve_width), sieve_width);
        const std::size_t bucket = random() % sieve_buckets;
        for (std::size_t place = 0; place < sieve_width; ++place)
            table.add(bucket, place, static_cast<unsigned char>(window[place]));
        windows.emplace_back(bucket, window);
    }
    const SieveWith best = best_for_this_processor();
    for (const SieveWith with : {SieveWith::nothing, SieveWith::avx2, SieveWith::avx512}) {
        if (with == SieveWith::avx512 && best != with) continue;
        if (with == SieveWith::avx2 && best == SieveWith::nothing) continue;
        std::vector<std::uint64_t> masks(40);
        sieve_blocks(table, text.data(), masks.size(), masks.data(), with);
        for (std::size_t at = 0; at < 64 * masks.size(); ++at) {
            const bool needed = std::ranges::any_of(windows, [&](const auto& window) {
                return text.compare(at, sieve_width, window.second) == 0;
            });
            if (needed) CHECK((masks[at / 64] >> at % 64 & 1) == 1);
        }
    }
}

TEST_CASE("buckets hardly see text that holds none of their literals") {
    const std::vector<Text> literals = {{"token", true},  {"secret", true}, {"glpat-", false},
                                        {"xoxb-", false}, {"://", false},   {"passwd", true}};
    const std::vector<SievePlace> places = plan_sieve(literals);
    std::set<unsigned> buckets;
    for (const SievePlace& place : places)
        buckets.insert(place.bucket);
    CHECK(buckets.size() == literals.size());
}
