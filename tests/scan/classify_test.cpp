// Classes of bytes, long runs and words in them, against a search byte by byte, as each kind of
// processor does it.
#include "scan/decode/classify.h"
#include "scan/decode/runs.h"
#include "scan/decode/words.h"

#include <doctest/doctest.h>
#include <random>
#include <string>
#include <vector>

using namespace stanch;
using namespace stanch::scan;

namespace {

bool of_base64(char c) {
    return base64_value(c) >= 0;
}
bool of_word(char c) {
    return of_base64(c) && c != '-' && c != '_' && c != '+' && c != '/';
}

// Runs of many lengths, between bytes that end them.
std::string random_runs(std::mt19937& random, std::size_t size) {
    constexpr std::string_view inside = "abzAZ09+/-_";
    constexpr std::string_view outside = " .=%\\&\n\xc3\x80\xff";
    std::string text;
    while (text.size() < size) {
        for (std::size_t left = random() % 8 == 0 ? random() % 300 : random() % 45; left > 0;
             --left)
            text += inside[random() % 12 == 0 ? random() % inside.size() : random() % 7];
        text += outside[random() % outside.size()];
    }
    text.resize(size);
    return text;
}

std::size_t end_of(std::string_view text, std::size_t at, bool (*kind)(char)) {
    while (at < text.size() && kind(text[at]))
        ++at;
    return at;
}

struct Seen {
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    std::vector<std::size_t> escapes;

    void run(const Range& range) { runs.emplace_back(range.begin, range.end); }
    void escape(std::size_t at) { escapes.push_back(at); }
};

} // namespace

TEST_CASE("each kind of processor tells the same classes") {
    std::string bytes;
    for (int c = 0; c < 256; ++c)
        bytes += static_cast<char>(c);
    std::mt19937 random(5);
    bytes += random_runs(random, 20 * classify_block);
    const std::size_t blocks = bytes.size() / classify_block;
    for (const auto with : {ClassifyWith::ssse3, ClassifyWith::avx2, ClassifyWith::avx512}) {
        if (with > best_classify_here()) continue;
        std::vector<Classes> classes(blocks);
        classify(bytes.data(), blocks, classes.data(), with);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const Classes& block = classes[i / classify_block];
            const char c = bytes[i];
            REQUIRE((block.base64 >> i % classify_block & 1) == (of_base64(c) ? 1 : 0));
            REQUIRE((block.escape >> i % classify_block & 1) ==
                    (c == '%' || c == '\\' || c == '&' ? 1 : 0));
        }
    }
}

TEST_CASE("every long run is seen once, whole, wherever it lies in the blocks") {
    std::mt19937 random(20261201);
    for (int round = 0; round < 400; ++round) {
        const std::string text =
            random_runs(random, round < 200 ? static_cast<std::size_t>(round) : random() % 9000);
        Seen seen;
        RunScan<Seen>(text, seen).all();
        Seen plain;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] == '%' || text[at] == '\\' || text[at] == '&') plain.escape(at);
            if (at > 0 && of_base64(text[at - 1])) continue;
            const std::size_t end = end_of(text, at, of_base64);
            if (end - at >= shortest_run) plain.run({at, end});
        }
        CHECK(seen.runs == plain.runs);
        CHECK(seen.escapes == plain.escapes);
        for (const auto& [begin, end] : plain.runs) {
            bool word = false;
            for (std::size_t at = begin; at < end; ++at)
                word = word || std::min(end, end_of(text, at, of_word)) >= at + shortest_word;
            CHECK(word_in(text, {begin, end}) == word);
        }
    }
}
