// Private to the room: reports of other scanners.
#pragma once

#include "scan/baseline.h"

namespace stanch::scan {

// gitleaks (array or lines of objects with RuleID), detect-secrets (results), kingfisher (rule and
// finding), trufflehog (lines with DetectorName). Error: JSON, but none of these.
Result<std::vector<ForeignEntry>> parse_foreign(std::string_view text, const std::string& name);

std::string sha256_hex(std::string_view bytes);
std::string sha1_hex(std::string_view bytes);

} // namespace stanch::scan
