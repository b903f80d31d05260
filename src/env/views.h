// One file as several programs read it: what differs, and where.
#pragma once

#include "env/dotenv.h"

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

// What it is in a value as written that programs disagree about: "a dollar sign, a backslash".
// Empty: nothing known.
std::string awkward_parts(std::string_view raw);

} // namespace stanch::env
