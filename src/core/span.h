// Where something is in a text.
#pragma once

#include <cstddef>

namespace stanch {

// Lines and columns are 1-based; a column counts bytes of UTF-8 text, and end_column is the last
// byte's own column (inclusive), as in gitleaks reports. 0 means "no such position" (a file name, a
// commit message's author).
struct Span {
    std::size_t line = 0;
    std::size_t column = 0;
    std::size_t end_line = 0;
    std::size_t end_column = 0;

    friend bool operator==(const Span&, const Span&) = default;
};

} // namespace stanch
