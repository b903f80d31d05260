// How surprising a text is.
#pragma once

#include <string_view>

namespace stanch::text {

// Shannon entropy of the byte distribution, in bits a byte: 0 to 8. The empty text has 0.
double shannon_entropy(std::string_view bytes);

} // namespace stanch::text
