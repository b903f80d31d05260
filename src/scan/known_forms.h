// Private to the room: how a value may be written, and how a text is searched for it.
#pragma once

#include "scan/known.h"
#include "text/encoding.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

// A base64 form starts where the value's bits own the whole character.
struct Form {
    std::string_view name;
    enum class Kind : std::uint8_t { plain, hex_lower, hex_upper, base64 } kind;
    text::Base64 alphabet = text::Base64::standard;
    std::size_t alignment = 0; // bytes of other text in the value's first group of three
};

inline constexpr std::array<Form, 9> forms{{
    {"plain", Form::Kind::plain},
    {"hex", Form::Kind::hex_lower},
    {"hex", Form::Kind::hex_upper},
    {"base64", Form::Kind::base64, text::Base64::standard, 0},
    {"base64", Form::Kind::base64, text::Base64::standard, 1},
    {"base64", Form::Kind::base64, text::Base64::standard, 2},
    {"base64", Form::Kind::base64, text::Base64::url, 0},
    {"base64", Form::Kind::base64, text::Base64::url, 1},
    {"base64", Form::Kind::base64, text::Base64::url, 2},
}};

// The characters that a value has in this form whatever stands around it. Of a value of eight bytes
// or more, at least eight.
std::string written(std::string_view value, const Form& form);

// The first eight bytes as a number.
std::uint64_t window_at(const char* at);

// Runs a search over the text and over what its escapes stand for. Matches are sorted, each once,
// with their places in the text as given.
using Search = std::function<void(std::string_view text, std::vector<KnownMatch>& matches)>;
std::vector<KnownMatch> search_escaped(std::string_view text, const Search& search);

} // namespace stanch::scan
