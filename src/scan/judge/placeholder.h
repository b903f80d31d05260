// Values that stand where a secret would stand, and are none.
#pragma once

#include <string_view>

namespace stanch::scan {

// What kind of placeholder a value is ("the word 'example'", "one character repeated"), or an empty
// view.
std::string_view placeholder(std::string_view secret);

// Whether it is code that fetches a value rather than a value: os.environ["X"], ${X},
// config.password, get_key(x).
bool reference(std::string_view secret);

// Whether what stands behind a value is a field of a format string: the value is only its
// beginning.
bool goes_on_as_template(std::string_view after);

} // namespace stanch::scan
