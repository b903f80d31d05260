// What the last scan or hook refused, so that `stanch allow 1a2b3c4d` knows what it is about.
//
// A list in the user's cache, one for each repository, in which nothing is written: fingerprint,
// rule and path, no values.
#pragma once

#include "core/finding.h"
#include "core/result.h"

#include <span>
#include <string>
#include <vector>

namespace stanch::cli {

struct LastFinding {
    Fingerprint fingerprint;
    std::string rule;
    std::string path;
};

// Best effort: a scan is no failure because this list could not be kept.
void keep_last_findings(const std::string& git_dir, std::span<const LastFinding> findings);

std::vector<LastFinding> read_last_findings(const std::string& git_dir);

} // namespace stanch::cli
