// The team's own secrets for the hook to look for: the values of the .env files of a work tree.
#pragma once

#include "core/manifest.h"
#include "core/result.h"
#include "scan/known.h"

#include <string>
#include <vector>

namespace stanch::cli {

// The values that matter in these .env files (relative to the work tree; env/env_files.h finds
// them): those that the manifest declares as sensitive, and those that look like a secret. A URL's
// password counts by itself too. What is no regular file (a FIFO that asks somebody, a link to
// nowhere) has none. Error: a file that can't be read; the check would be blind.
Result<std::vector<scan::KnownValue>> known_from_files(const std::string& work_tree,
                                                       const std::vector<std::string>& files,
                                                       const Manifest& manifest);

} // namespace stanch::cli
