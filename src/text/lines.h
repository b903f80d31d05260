// Lines of a text: from a byte offset to line and column, and to the line itself.
//
// Nothing is indexed ahead: a finding is rare, and counting newlines up to it runs at the speed of
// memory.
#pragma once

#include "core/span.h"

#include <cstddef>
#include <string_view>

namespace stanch::text {

// The span of bytes [begin, end) of `text`; end > begin, both inside. A line ends at '\n'.
Span span_of(std::string_view text, std::size_t begin, std::size_t end);

// How many '\n' there are.
std::size_t count_newlines(std::string_view text);

// The whole line(s) that hold bytes [begin, end), without the last newline; `start` receives their
// byte offset.
std::string_view lines_around(std::string_view text, std::size_t begin, std::size_t end,
                              std::size_t* start = nullptr);

} // namespace stanch::text
