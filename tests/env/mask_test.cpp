#include "env/mask.h"
#include "support/made.h"
#include "text/encoding.h"

#include <doctest/doctest.h>

namespace env = stanch::env;
using stanch::made::random;

namespace {

std::string masked(const env::MaskPatterns& patterns,
                   std::initializer_list<std::string_view> chunks, bool idle = false) {
    env::Mask mask(patterns);
    std::string out;
    for (const std::string_view chunk : chunks) {
        mask.feed(chunk, out);
        if (idle) mask.idle(out);
    }
    mask.finish(out);
    return out;
}

env::MaskPatterns patterns_of(std::initializer_list<std::string_view> secrets) {
    return env::MaskPatterns(std::vector<std::string_view>(secrets));
}

} // namespace

TEST_CASE("a secret is replaced wherever two chunks or three meet in it") {
    const std::string secret = random(stanch::made::alnum, 40);
    const env::MaskPatterns patterns = patterns_of({secret});
    const std::string text = "before " + secret + " between " + secret + secret + " behind";
    const std::string expected = "before *** between ****** behind";
    for (std::size_t i = 0; i <= text.size(); ++i)
        for (std::size_t j = i; j <= text.size(); ++j) {
            const std::string_view view(text);
            CHECK(masked(patterns, {view.substr(0, i), view.substr(i, j - i), view.substr(j)}) ==
                  expected);
        }
}

TEST_CASE("the same byte by byte, with a pause behind each") {
    const std::string secret = random(stanch::made::alnum, 24, 5);
    const env::MaskPatterns patterns = patterns_of({secret});
    const std::string text = "a " + secret + " b " + secret.substr(0, 9) + "!";
    env::Mask mask(patterns);
    std::string out;
    for (const char c : text) {
        mask.feed(std::string_view(&c, 1), out);
        mask.idle(out);
    }
    mask.finish(out);
    CHECK(out == "a " + secret.substr(0, 3) + "*** b " + secret.substr(0, 9) + "!");
}

TEST_CASE("overlapping secrets: nothing of either is left") {
    const env::MaskPatterns patterns = patterns_of({"abcdefgh12", "gh12345678", "abcdef"});
    CHECK(masked(patterns, {"x abcdefgh12345678 y"}) == "x *** y");
    CHECK(masked(patterns, {"x abcdef", "gh12", "345678 y"}) == "x *** y");
    CHECK(masked(patterns, {"x abcdefg y"}) == "x ***g y");
}

TEST_CASE("what only begins like a secret is shown") {
    const env::MaskPatterns patterns = patterns_of({"aaaaab"});
    CHECK(masked(patterns, {"aaaa", "aaaa", "b aaaaa"}) == "aaa*** aaaaa");
    CHECK(masked(patterns_of({"abc"}), {"abc"}) == "abc");
    CHECK(masked(patterns_of({}), {"abc"}) == "abc");
}

TEST_CASE("base64 of a secret, wherever in the encoded text it begins") {
    const std::string secret = random(stanch::made::alnum, 21, 9);
    const env::MaskPatterns patterns = patterns_of({secret});
    for (std::size_t before = 0; before < 7; ++before)
        for (std::size_t after = 0; after < 4; ++after) {
            const std::string whole = std::string(before, '?') + secret + std::string(after, '!');
            for (const auto alphabet :
                 {stanch::text::Base64::standard, stanch::text::Base64::url}) {
                const std::string out =
                    masked(patterns, {stanch::text::base64_encode(whole, alphabet)});
                CHECK(out.find("***") != std::string::npos);
                // What is left are letters that depend on the neighbours.
                CHECK(out.size() <= 3 + (before + 2) / 3 * 4 + (after + 2) / 3 * 4 + 4);
            }
        }
}

TEST_CASE("a hundred secrets of all lengths in one stream, in chunks of every small size") {
    std::vector<std::string> secrets;
    for (std::size_t i = 0; i < 100; ++i)
        secrets.push_back(random(stanch::made::alnum, 4 + i * i / 2, i + 1));
    const std::vector<std::string_view> views(secrets.begin(), secrets.end());
    const env::MaskPatterns patterns(views);
    std::string text;
    for (const std::string& secret : secrets)
        text += "<" + secret + ">\n";
    for (const std::size_t size : {1UL, 2UL, 3UL, 5UL, 7UL, 64UL, 4096UL}) {
        env::Mask mask(patterns);
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += size)
            mask.feed(std::string_view(text).substr(at, size), out);
        mask.finish(out);
        for (const std::string& secret : secrets)
            CHECK(out.find(secret) == std::string::npos);
        CHECK(out.size() < secrets.size() * 20);
    }
}
