// What the resolver's files share: limits, and sets of values.
#pragma once

#include "privilege/resolve.h"

#include <algorithm>

namespace stanch::privilege {

constexpr std::size_t most_values = 96; // of one expression
constexpr int deepest = 48;             // nested questions
constexpr std::size_t longest_name = 160;

inline void add(Values& out, const Value& value) {
    if (out.size() < most_values && std::ranges::find(out, value) == out.end())
        out.push_back(value);
}

inline void add(Values& out, const Values& values) {
    for (const Value& value : values)
        add(out, value);
}

inline Module* module_of(const Value& value) {
    return static_cast<Module*>(const_cast<void*>(value.ref));
}

inline std::string_view last_part(std::string_view dotted) {
    return dotted.substr(dotted.rfind('.') + 1);
}

} // namespace stanch::privilege
