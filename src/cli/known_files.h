// The team's own secrets for the hook to look for: the values of the .env files of a work tree.
#pragma once

#include "core/manifest.h"
#include "core/result.h"
#include "scan/known.h"

#include <string>
#include <vector>

namespace stanch::cli {

// The values of these .env files (relative to the work tree; env/env_files.h finds them), not yet
// judged: is_known_secret() is for KnownValues to ask. A URL's password counts by itself too. What
// is no regular file (a FIFO that asks somebody, a link to nowhere) has none. Error: a file that
// can't be read; the check would be blind.
Result<std::vector<scan::KnownValue>> known_from_files(const std::string& work_tree,
                                                       const std::vector<std::string>& files,
                                                       const Manifest& manifest);

// Whether the manifest declares it as sensitive or, where it says nothing, it looks like a secret.
bool is_known_secret(const scan::KnownValue& known, const Manifest& manifest);

} // namespace stanch::cli
