// Documents as JSON: what `stanch env parse --json` prints, and what the differential tests
// compare.
#pragma once

#include "env/dotenv.h"

#include <string>

namespace stanch::env {

// An array with one object for each entry: key, value, original, line, error, and message where
// error is true. It holds the values: wipe it after use.
std::string to_json(const Document& document);

// A JSON string with its quotes. Bytes that are not UTF-8 become lone surrogates (\udc80 + byte),
// as Python's surrogateescape has them, so that nothing is lost.
std::string json_string(std::string_view bytes);

} // namespace stanch::env
