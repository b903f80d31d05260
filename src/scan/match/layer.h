// A text that matches are looked for in: the content itself, or something decoded from it, or from
// that.
#pragma once

#include "scan/decode/decoder.h"
#include "scan/pattern/regex.h"

#include <string>
#include <string_view>

namespace stanch::scan {

inline constexpr unsigned deepest_encoding = 5;

struct Layer {
    std::string_view text;
    const Layer* outer = nullptr;
    Decoded decoded; // text is decoded.text; empty for the content itself
    Encoding encoding = Encoding::base64;
    unsigned depth = 0;

    // Where the bytes of a range of `text` come from in the content.
    [[nodiscard]] Range in_content(Range range) const {
        for (const Layer* layer = this; layer->outer != nullptr; layer = layer->outer)
            range = layer->decoded.origin_of(range);
        return range;
    }

    // A match without a decoded byte stands in the layer around as well.
    [[nodiscard]] bool new_here(const Range& range) const {
        return outer == nullptr || decoded.holds_change(range);
    }
};

} // namespace stanch::scan
