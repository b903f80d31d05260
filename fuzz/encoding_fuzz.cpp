// rooms: text
#include "text/encoding.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace text = stanch::text;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    for (const auto alphabet :
         {text::Base64::standard, text::Base64::url, text::Base64::url_bare}) {
        const auto bytes = text::base64_decode(input, alphabet);
        if (bytes && text::base64_encode(*bytes, alphabet) != input) std::abort();
        if (text::base64_decode(text::base64_encode(input, alphabet), alphabet) != input)
            std::abort();
    }
    if (text::hex_decode(text::hex_encode(input)) != input) std::abort();
    if (text::percent_decode(text::percent_encode(input)) != input) std::abort();
    (void)text::hex_decode(input);
    (void)text::percent_decode(input);
    (void)text::json_escape(input);
    return 0;
}
