// The parts of `stanch scan` that look at a repository's objects: --staged, --history, --range,
// --since and remote addresses.
#pragma once

#include "cli/scan_options.h"
#include "cli/verb.h"

#include <optional>
#include <string>

namespace stanch::cli {

// Whether these arguments ask for one of them.
bool asks_for_git(const Arguments& arguments);

Result<int> scan_git(const Arguments& arguments, const ScanSettings& settings);

} // namespace stanch::cli
