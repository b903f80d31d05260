// Whether a value is of its declared type. Never shows it.
#pragma once

#include "core/manifest.h"
#include "core/result.h"

#include <string>
#include <string_view>

namespace stanch::env {

// Empty: it is. Else what it should be: "not a whole number", "not one of: debug, info".
//
//     url      an absolute URL with a host (RFC 3986)     email    one address, local@domain.tld
//     int      -?[0-9]+, 64 bits                          port     1 to 65535
//     bool     true, false, yes, no, on, off, 1, 0        path     no zero byte, not empty
//     enum     one of `choices`                           json     RFC 8259
//     pattern  RE2, the whole value
//
// Error: the pattern itself is wrong (`invalid`, at the credential's place).
Result<std::string> type_problem(const Credential& credential, std::string_view value);

bool is_json(std::string_view text);

} // namespace stanch::env
