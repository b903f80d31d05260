// What the model of context looks at: a value, the name it is given, and what stands around it, as
// numbers.
//
// Used for rules that know nothing of their value's form (tag "generic"): there the context
// decides.
#pragma once

#include <array>
#include <string_view>

namespace stanch::scan {

// All views are of one text and may be empty.
struct Evidence {
    std::string_view name;   // the identifier that the value is assigned to: "settings.DB_PASSWORD"
    std::string_view glue;   // between the name and the value: "\": \""
    std::string_view value;  // without its quotes
    std::string_view after;  // the rest of the line behind the value
    std::string_view before; // the line before the name
    std::string_view path;   // of the file
};

enum class Feature : unsigned {
#define STANCH_FEATURE(name) name,
#include "scan/judge/features.inc"
#undef STANCH_FEATURE
    count
};

constexpr std::size_t feature_count = static_cast<std::size_t>(Feature::count);

using Features = std::array<float, feature_count>;

Features features_of(const Evidence& evidence);

} // namespace stanch::scan
