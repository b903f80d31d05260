// What stands around a secret: the name it is assigned to, and whether the file is a test or a
// document.
#pragma once

#include "scan/pattern/regex.h"

#include <string>
#include <string_view>

namespace stanch::scan {

// The name that the value at `secret` is given: the identifier before the nearest '=', ':' or '=>'
// on its line, in lower case; else the nearest identifier before it; empty where there is none.
// Looks back 256 bytes at most.
std::string assigned_name(std::string_view text, const Range& secret);

// "a test", "documentation", "an example", or empty: what its path says that a file is.
std::string_view kind_of_file(std::string_view path);

} // namespace stanch::scan
