// A text that is in memory already: a commit message, say.
#pragma once

#include "scan/source.h"

#include <memory>
#include <string>

namespace stanch::scan {

// `name` is what reports call it.
std::unique_ptr<Source> text_source(std::string name, std::string text);

} // namespace stanch::scan
