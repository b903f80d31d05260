// Paths as Git quotes them (quote.c's C style): "a\tb\303\266".
#pragma once

#include <string>
#include <string_view>

namespace stanch::git {

// Text that does not begin with a quote, or is not closed by one, stays as it is.
std::string unquoted(std::string_view text);

} // namespace stanch::git
