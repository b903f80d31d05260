#include "text/lines.h"

#include <algorithm>

namespace stanch::text {
namespace {

std::size_t line_start(std::string_view text, std::size_t at) {
    const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t newlines(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

} // namespace

Span span_of(std::string_view text, std::size_t begin, std::size_t end) {
    const std::size_t last = end - 1;
    Span span;
    span.line = newlines(text.substr(0, begin)) + 1;
    span.column = begin - line_start(text, begin) + 1;
    span.end_line = span.line + newlines(text.substr(begin, last - begin));
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
