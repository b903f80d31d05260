// Private to the room: lines and matches without their secrets.
#pragma once

#include "core/finding.h"

#include <span>
#include <string>

namespace stanch::report {

struct Shown {
    std::string text;
    std::size_t begin = 0; // of the secret in it
    std::size_t size = 0;
};

// The line of `group[index]` with every secret of the group in it replaced by what may be shown.
Shown shown_line(std::span<const Finding> group, std::size_t index, bool reveal);

// The match, likewise.
std::string shown_match(std::span<const Finding> group, std::size_t index, bool reveal);

} // namespace stanch::report
