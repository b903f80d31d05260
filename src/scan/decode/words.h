// Words in long runs of base64's alphabets: letters and digits only, no - _ + /.
#pragma once

#include "scan/pattern/regex.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <emmintrin.h>
#include <string_view>

namespace stanch::scan {

inline constexpr std::size_t shortest_word = 20;

namespace word_detail {

constexpr std::size_t step = sizeof(__m128i);

// Bit i: byte i ends a word, where all of them are of base64's alphabets.
inline unsigned ends_of_words(const char* bytes) {
    __m128i x;
    std::memcpy(&x, bytes, step);
    const auto is = [&](char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(c)); };
    return static_cast<unsigned>(_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(is('-'), is('_')), _mm_or_si128(is('+'), is('/')))));
}

} // namespace word_detail

// Whether twenty characters in a row of a run are letters and digits.
inline bool word_in(std::string_view window, const Range& run) {
    std::size_t begin = run.begin; // of the word
    for (std::size_t at = run.begin; at < run.end; at += word_detail::step) {
        unsigned ends = 0;
        if (at + word_detail::step <= window.size()) {
            ends = word_detail::ends_of_words(window.data() + at);
        } else {
            char last[word_detail::step] = {};
            std::memcpy(last, window.data() + at, window.size() - at);
            ends = word_detail::ends_of_words(last);
        }
        for (; ends != 0; ends &= ends - 1) {
            const std::size_t end = at + static_cast<std::size_t>(std::countr_zero(ends));
            if (std::min(end, run.end) >= begin + shortest_word) return true;
            begin = end + 1;
        }
        if (run.end < begin + shortest_word) return false;
    }
    return run.end >= begin + shortest_word;
}

} // namespace stanch::scan
