#include "scan/delta_windows.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <set>
#include <string>

namespace scan = stanch::scan;
namespace git = stanch::git;

namespace {

// A first stage that is obviously right: words of up to 240 letters between angle brackets, with a
// byte on each side that must be no bracket, end of text allowed.
void find(std::string_view text, std::uint64_t offset, std::set<scan::Hit>& hits) {
    for (std::size_t end = 1; end <= text.size(); ++end) {
        if (text[end - 1] != '>' || (end < text.size() && text[end] == '>')) continue;
        for (std::size_t size = 2; size <= 240 && size <= end; ++size) {
            const std::size_t begin = end - size;
            if (text[begin] == '>' && size > 1) break;
            if (text[begin] != '<') continue;
            if (begin > 0 && text[begin - 1] == '<') break;
            hits.insert({static_cast<std::uint32_t>(size), offset + end});
            break;
        }
    }
}

// A version of a text: pieces of it in any order, and new bytes between them.
struct Version {
    std::string text;
    std::vector<git::CopyRun> copies;
};

Version change(const std::string& base, std::mt19937& random) {
    Version next;
    const auto up_to = [&](std::size_t limit) { return random() % (limit + 1); };
    const std::size_t pieces = up_to(5);
    for (std::size_t i = 0; i <= pieces; ++i) {
        for (std::size_t n = up_to(2) == 0 ? up_to(300) : 0; n > 0; --n)
            next.text += "<>abcdefgh\n"[random() % 11];
        if (base.empty()) continue;
        const std::size_t from = up_to(3) == 0 ? 0 : up_to(base.size() - 1);
        const std::size_t left = base.size() - from;
        const std::size_t size = up_to(2) == 0 ? left : up_to(left);
        if (size == 0) continue;
        next.copies.push_back({next.text.size(), from, size});
        next.text += base.substr(from, size);
    }
    return next;
}

std::string random_text(std::mt19937& random) {
    std::string text;
    for (int i = 0; i < 400; ++i) {
        if (random() % 6 == 0)
            text += "<" + std::string(random() % 238, static_cast<char>('a' + random() % 26)) + ">";
        text += "<>xyz \n"[random() % 7];
    }
    return text;
}

} // namespace

TEST_CASE("windows and carried hits give the hits of the whole text") {
    std::mt19937 random(11);
    for (int round = 0; round < 400; ++round) {
        std::string base = random_text(random);
        std::set<scan::Hit> of_base;
        find(base, 0, of_base);
        for (int generation = 0; generation < 4; ++generation) {
            const Version next = change(base, random);
            const scan::DeltaWindows delta(next.copies, base.size(), next.text.size());
            std::vector<scan::Hit> sorted(of_base.begin(), of_base.end());
            std::ranges::sort(sorted, {}, &scan::Hit::end);
            std::vector<scan::Hit> carried;
            delta.carry(sorted, carried);
            std::set<scan::Hit> hits(carried.begin(), carried.end());
            std::uint64_t last_end = 0;
            for (const scan::ByteRange& window : delta.windows()) {
                CHECK(window.begin >= last_end);
                CHECK(window.end <= next.text.size());
                last_end = window.end;
                find(std::string_view(next.text).substr(window.begin, window.end - window.begin),
                     window.begin, hits);
            }
            std::set<scan::Hit> whole;
            find(next.text, 0, whole);
            // A window's edge can end a word that goes on behind it: more, but never less.
            CHECK(std::ranges::includes(hits, whole));
            base = next.text;
            of_base = whole;
        }
    }
}

TEST_CASE("an unchanged text has no windows, a new one is a window") {
    const std::vector<git::CopyRun> all{{0, 0, 5000}};
    CHECK(scan::DeltaWindows(all, 5000, 5000).windows().empty());
    CHECK(scan::DeltaWindows({}, 100, 700).windows() == std::vector<scan::ByteRange>{{0, 700}});
    CHECK(scan::DeltaWindows({}, 100, 0).windows().empty());
    const std::vector<git::CopyRun> appended{{0, 0, 5000}};
    CHECK(scan::DeltaWindows(appended, 5000, 5100).windows() ==
          std::vector<scan::ByteRange>{{5000 - 256, 5100}});
}
