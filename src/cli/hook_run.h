// The hooks' work: what is looked at behind each door, and what a refused person is told.
#pragma once

#include "core/result.h"

#include <string>
#include <vector>

namespace stanch::cli {

// `name` is Git's name of the hook, `words` are the arguments that Git gave it. Returns the exit
// code; everything but 0 makes Git refuse.
Result<int> run_hook(const std::string& name, const std::vector<std::string>& words);

} // namespace stanch::cli
