// One escape, as it stands at a byte of a text.
#pragma once

#include "scan/decode/decoder.h"

namespace stanch::scan {

struct Escape {
    std::size_t length = 0; // of the escape in the text; 0: there is none
    unsigned code_point = 0;
};

// %41
Escape percent_escape(std::string_view text);
// \u0041 \u{41} \U00000041 \x41
Escape unicode_escape(std::string_view text);
// &#65; &#x41; &amp; &lt; &gt; &quot; &apos;
Escape entity_escape(std::string_view text);

Escape escape_at(std::string_view text, Encoding encoding);

// An escape worth decoding for.
inline bool telling(const Escape& escape) {
    return escape.length != 0 && escape.code_point > 0x20 && escape.code_point < 0x7f;
}

} // namespace stanch::scan
