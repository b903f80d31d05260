#include "scan/seen_texts.h"

#include "support/made.h"
#include "text/encoding.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <string>

namespace made = stanch::made;
namespace scan = stanch::scan;

namespace {

// Lines with something for the first stage to find, more than they hold apart.
std::vector<std::string> lines(std::mt19937& random) {
    std::vector<std::string> all;
    for (int i = 0; i < 300; ++i) {
        const std::string token = made::token("gh"
                                              "p_",
                                              36, random());
        switch (random() % 6) {
        case 0:
            all.push_back("password = '" + token + "'\n");
            break;
        case 1:
            all.push_back(stanch::text::base64_encode("key: " + token + token) + "\n");
            break;
        case 2:
            all.push_back(made::random(made::alnum, random() % 8 == 0 ? 9000U : 0U, random()) +
                          "\n");
            break;
        default:
            all.push_back("    some text " + std::to_string(random()) + "\n");
        }
    }
    return all;
}

std::string text_of(const std::vector<std::string>& lines, std::mt19937& random) {
    std::string text;
    for (int block = 0; block < 6; ++block) {
        const std::size_t first = random() % lines.size();
        const std::size_t last = std::min<std::size_t>(lines.size(), first + random() % 120);
        for (std::size_t i = first; i < last; ++i)
            text += lines[i];
    }
    return text;
}

} // namespace

TEST_CASE("texts that were seen before give the hits that looking at them would") {
    const auto engine = scan::Engine::built_in();
    REQUIRE(engine);
    scan::Matcher matcher(*engine);
    scan::SeenTexts seen(1000);
    scan::NewTextFinder finder(seen);
    std::mt19937 random(5);
    const auto all = lines(random);
    std::size_t total = 0;
    for (int round = 0; round < 120; ++round) {
        const std::string text = text_of(all, random);
        std::vector<scan::Hit> every;
        matcher.find(text, 0, every);
        std::vector<scan::Hit> hits;
        finder.find(matcher, text, {0, text.size()}, hits);
        REQUIRE(hits == every);
        // A part: the ends that have all of their surroundings in it.
        const std::uint64_t begin = text.empty() ? 0 : random() % text.size();
        const std::uint64_t end = begin + random() % (text.size() - begin + 1);
        std::vector<scan::Hit> of_part;
        finder.find(matcher, text, {begin, end}, of_part);
        for (const scan::Hit& hit : every)
            if (hit.end > begin + scan::Matcher::margin && hit.end <= end)
                REQUIRE(std::ranges::binary_search(of_part, hit, [](const auto& a, const auto& b) {
                    return std::pair(a.end, a.rule) < std::pair(b.end, b.rule);
                }));
        total += every.size();
    }
    CHECK(total > 1000);
}

TEST_CASE("pieces are cut by what stands there, not by where") {
    std::mt19937 random(6);
    std::string text;
    for (const std::string& line : lines(random))
        text += line;
    const auto cuts = [](const std::string& of) {
        std::vector<std::uint64_t> all;
        for (std::uint64_t at = 0; at < of.size();)
            all.push_back(of.size() - (at = scan::piece_end(of, at, of.size())));
        return all;
    };
    const auto before = cuts(text);
    const auto after = cuts("two lines\nmore at the beginning\n" + text);
    CHECK(before.size() > 10);
    std::size_t same = 0;
    for (const std::uint64_t cut : after)
        same += std::ranges::find(before, cut) != before.end() ? 1 : 0;
    CHECK(same * 4 > before.size() * 3);
}

TEST_CASE("a hash tells contents, their length and their salt apart") {
    const scan::ContentHash hash;
    CHECK(hash.of("abc", 1) == hash.of("abc", 1));
    CHECK(hash.of("abc", 1) != hash.of("abc", 2));
    CHECK(hash.of("abc", 1) != hash.of(std::string("abc\0", 4), 1));
    const std::string text(1000, 'x');
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string other = text;
        other[i] = 'y';
        CHECK(hash.of(other, 0) != hash.of(text, 0));
    }
}
