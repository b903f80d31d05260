// What an archive holds, by name: zip (wheels), tar in any compression (sdists).
#pragma once

#include "core/result.h"

#include <string>
#include <vector>

namespace stanch::os {

// Paths as they stand in the archive. Loads libarchive on first use. Errors: `unavailable` without
// libarchive, `incomplete` for an archive that can't be read to its end, or has more than a million
// entries.
Result<std::vector<std::string>> archive_names(const std::string& path);

} // namespace stanch::os
