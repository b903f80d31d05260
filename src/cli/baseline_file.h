// The baseline of a repository, as a file.
#pragma once

#include "core/result.h"
#include "scan/baseline.h"

#include <string>

namespace stanch::cli {

inline constexpr std::string_view baseline_name = ".stanch-baseline";

// Where the baseline of the work tree around `from` belongs: its root, or `from` outside of Git.
std::string baseline_path(const std::string& from);

// An absent file is an empty baseline.
Result<scan::Baseline> read_baseline(const std::string& path);
Result<void> write_baseline(const std::string& path, const scan::Baseline& baseline);

// Today, UTC, "YYYY-MM-DD".
std::string today();
// "2027-01-31", or "90d" from today.
Result<std::string> parse_expiry(const std::string& text);

} // namespace stanch::cli
