// Comments with which a person says that a value is no secret, on the line where it stands:
//
//     token = "…"  # stanch:allow a key of the public sandbox
//     token = "…"  # gitleaks:allow
//     token = "…"  # pragma: allowlist secret           (detect-secrets; also "whitelist",
//     "allowlist-secret") # pragma: allowlist nextline secret token = "…"
//
// What follows is the reason, for people. For a value of several lines, any of its lines may hold
// the comment.
#pragma once

#include <cstddef>
#include <string_view>

namespace stanch::scan {

// Whether bytes [begin, end) of `content` are allowed. Of a very long line only the neighbourhood
// is searched.
bool allowed_by_comment(std::string_view content, std::size_t begin, std::size_t end);

} // namespace stanch::scan
