// Where a text may be encoded: see decoder.h for what a mark says.
#pragma once

#include "scan/decode/decoder.h"

namespace stanch::scan {

// Adds the marks in a run of base64's alphabets (decode/runs.h), and that of an escape at `at`,
// where there are any.
void mark_run(std::string_view window, const Range& run, std::vector<Mark>& marks);
void mark_escape(std::string_view window, std::size_t at, std::vector<Mark>& marks);

} // namespace stanch::scan
