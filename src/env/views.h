// One file as several programs read it: what differs, and where.
#pragma once

#include "env/dotenv.h"

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

struct Difference {
    std::size_t line = 0;
    std::string name; // empty where it is not sure that it is a name and not a piece of a value
    std::vector<Dialect> dialects; // who reads it otherwise, in the order of the targets
    std::string what; // "reads another value", "does not take this line: …"; fixed words
};

// Compares each target with the first. Differences come in the order of lines. No text in them
// comes from a value.
std::vector<Difference> compare_views(std::string_view text, std::span<const Dialect> targets,
                                      const Lookup& environment);

// The names that may be shown: those that every program reads at the same line, and none where some
// program does not take a line. Any other could be a piece of a value that lost its quotes.
std::set<std::string, std::less<>> sure_names(std::string_view text);

// What it is in a value as written that programs disagree about: "a dollar sign, a backslash".
// Empty: nothing known.
std::string awkward_parts(std::string_view raw);

} // namespace stanch::env
