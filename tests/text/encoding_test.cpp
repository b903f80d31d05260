#include "text/encoding.h"
#include "text/entropy.h"
#include "text/lines.h"

#include <doctest/doctest.h>

namespace text = stanch::text;

TEST_CASE("the RFC 4648 vectors") {
    CHECK(text::base64_encode("") == "");
    CHECK(text::base64_encode("f") == "Zg==");
    CHECK(text::base64_encode("fo") == "Zm8=");
    CHECK(text::base64_encode("foobar") == "Zm9vYmFy");
    CHECK(text::base64_encode("f", text::Base64::url_bare) == "Zg");
    CHECK(text::hex_encode("foo") == "666f6f");
}

TEST_CASE("everything decodes to what was encoded") {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        bytes += static_cast<char>(i * 7);
        for (const auto alphabet :
             {text::Base64::standard, text::Base64::url, text::Base64::url_bare})
            CHECK(text::base64_decode(text::base64_encode(bytes, alphabet), alphabet) == bytes);
        CHECK(text::hex_decode(text::hex_encode(bytes)) == bytes);
        CHECK(text::percent_decode(text::percent_encode(bytes)) == bytes);
    }
}

TEST_CASE("decoders are strict") {
    CHECK_FALSE(text::base64_decode("Zg"));
    CHECK(text::base64_decode("Zg", text::Base64::standard, true) == "f");
    CHECK_FALSE(text::base64_decode("Zh==")); // trailing bits
    CHECK_FALSE(text::base64_decode("Zg==="));
    CHECK_FALSE(text::base64_decode("Z"));
    CHECK_FALSE(text::hex_decode("abc"));
    CHECK_FALSE(text::percent_decode("%4"));
}

TEST_CASE("entropy of nothing, of one, of all") {
    CHECK(text::shannon_entropy("") == 0);
    CHECK(text::shannon_entropy("aaaa") == 0);
    CHECK(text::shannon_entropy("abcd") == doctest::Approx(2));
}

TEST_CASE("spans are 1-based and inclusive") {
    const std::string_view source = "one\ntwo three\nfour";
    const auto span = text::span_of(source, 8, 13);
    CHECK(span == stanch::Span{2, 5, 2, 9});
    std::size_t start = 0;
    CHECK(text::lines_around(source, 8, 13, &start) == "two three");
    CHECK(start == 4);
    CHECK(text::lines_around(source, 15, 16) == "four");
}
