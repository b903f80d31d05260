// Tables of the encodings, shared by the search for marks and the decoding.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace stanch::scan {

// Both alphabets of RFC 4648 at once: '-' is '+', '_' is '/'. -1: none of them.
inline constexpr auto base64_values = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < letters.size(); ++i)
        table[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
    table['-'] = 62;
    table['_'] = 63;
    return table;
}();

inline constexpr auto hex_values = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (int i = 0; i < 10; ++i)
        table[std::size_t{'0'} + static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
    for (int i = 0; i < 6; ++i) {
        table[std::size_t{'a'} + static_cast<std::size_t>(i)] = static_cast<std::int8_t>(10 + i);
        table[std::size_t{'A'} + static_cast<std::size_t>(i)] = static_cast<std::int8_t>(10 + i);
    }
    return table;
}();

inline int base64_value(char c) {
    return base64_values[static_cast<unsigned char>(c)];
}
inline int hex_value(char c) {
    return hex_values[static_cast<unsigned char>(c)];
}

// What text is made of: ASCII without control characters, and tab, newline, return.
constexpr bool printable(unsigned byte) {
    return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\t' || byte == '\r';
}

} // namespace stanch::scan
