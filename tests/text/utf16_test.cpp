#include "text/utf16.h"

#include "text/lines.h"

#include <doctest/doctest.h>

using namespace stanch::text;
using namespace std::string_view_literals;

TEST_CASE("surrogates, lone halves and odd bytes") {
    std::string out;
    CHECK(append_utf16("a\0\xac\x20\x3d\xd8\x00\xde"sv, ByteOrder::little, true, out) == 8);
    CHECK(out == "a\u20ac\U0001F600");
    out.clear();
    CHECK(append_utf16("\0b\xd8\x3d"sv, ByteOrder::big, false, out) == 2);
    CHECK(append_utf16("\xd8\x3d\0c\0"sv, ByteOrder::big, true, out) == 5);
    CHECK(out == "b\uFFFDc\uFFFD");
}

TEST_CASE("newlines are counted, eight bytes at a time or not") {
    for (std::size_t size = 0; size < 40; ++size) {
        std::string text;
        std::size_t wanted = 0;
        for (std::size_t i = 0; i < size; ++i) {
            text += i % 3 == 0 ? '\n' : i % 5 == 0 ? '\x8A' : '\x0B';
            wanted += i % 3 == 0 ? 1 : 0;
        }
        CHECK(count_newlines(text) == wanted);
    }
}
