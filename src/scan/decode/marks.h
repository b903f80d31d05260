// Where a text may be encoded: see decoder.h for what a mark says.
#pragma once

#include "scan/decode/alphabet.h"
#include "scan/decode/decoder.h"

namespace stanch::scan {

// Adds the marks in a run of base64's alphabets (decode/runs.h), and that of an escape at `at`,
// where there are any.
void mark_run(std::string_view window, const Range& run, std::vector<Mark>& marks);
void mark_escape(std::string_view window, std::size_t at, std::vector<Mark>& marks);

// Whether an escape at `at` may be one, by the byte behind it: "\\n" and "%s" are not.
inline bool may_escape(std::string_view window, std::size_t at) {
    if (at + 1 >= window.size()) return false;
    const char next = window[at + 1];
    const auto low = static_cast<char>(next | 0x20);
    if (window[at] == '%') return hex_value(next) >= 0;
    if (window[at] == '\\') return low == 'x' || low == 'u';
    return next == '#' || next == 'a' || next == 'l' || next == 'g' || next == 'q';
}

} // namespace stanch::scan
