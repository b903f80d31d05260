#include "text/lines.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace stanch::text {
namespace {

std::size_t line_start(std::string_view text, std::size_t at) {
    const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

} // namespace

// Eight bytes at a time: a byte that equals '\n' becomes zero, and a zero byte is the only one
// whose low seven bits do not carry into the eighth.
std::size_t count_newlines(std::string_view text) {
    constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7FU;
    constexpr std::uint64_t newline = 0x0A0A0A0A0A0A0A0AU;
    std::size_t count = 0;
    std::size_t at = 0;
    for (; text.size() - at >= 8; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        word ^= newline;
        count += static_cast<std::size_t>(std::popcount(~(((word & low) + low) | word | low)));
    }
    return count + static_cast<std::size_t>(std::ranges::count(text.substr(at), '\n'));
}

Span span_of(std::string_view text, std::size_t begin, std::size_t end) {
    const std::size_t last = end - 1;
    Span span;
    span.line = count_newlines(text.substr(0, begin)) + 1;
    span.column = begin - line_start(text, begin) + 1;
    span.end_line = span.line + count_newlines(text.substr(begin, last - begin));
    span.end_column = last - line_start(text, last) + 1;
    return span;
}

std::string_view lines_around(std::string_view text, std::size_t begin, std::size_t end,
                              std::size_t* start) {
    const std::size_t first = line_start(text, begin);
    const std::size_t newline = text.find('\n', end > begin ? end - 1 : end);
    if (start != nullptr) *start = first;
    return text.substr(first, newline == std::string_view::npos ? newline : newline - first);
}

} // namespace stanch::text
