// White space as the languages of the dialects define it, over UTF-8 bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stanch::env {

// The code point at `at` and its length in bytes; an invalid byte is itself, with length 1.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;
};
CodePoint decode(std::string_view text, std::size_t at);

bool valid_utf8(std::string_view text);

bool is_python_space(char32_t c); // \s of re, str.isspace()
bool is_node_space(char32_t c);   // \s of ECMAScript
bool is_unicode_space(
    char32_t c); // White_Space: unicode.IsSpace of Go, char::is_whitespace of Rust

// General categories L* and N*; only for code points above ASCII.
bool is_letter_or_number(char32_t c);

using Predicate = bool (*)(char32_t);

// The end of the stretch that starts at `at`.
std::size_t skip(std::string_view text, std::size_t at, Predicate predicate);
std::string_view trim_end(std::string_view text, Predicate predicate);
std::string_view trim(std::string_view text, Predicate predicate);

} // namespace stanch::env
