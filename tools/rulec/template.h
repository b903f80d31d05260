// Expands the templates of examples (docs/rules.md): no file of the repository holds a literal that
// looks like a key.
#pragma once

#include "core/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace stanch::rulec {

// The same text for the same template and seed, on every machine.
Result<std::string> expand(std::string_view text, std::uint64_t seed);

} // namespace stanch::rulec
