// rooms: text
#include "text/utf16.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace stanch::text;

// In two parts it is the same text as in one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t cut = data[0] % (size - 1);
    const ByteOrder order = (data[0] & 1) != 0 ? ByteOrder::big : ByteOrder::little;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::string whole;
    if (append_utf16(text, order, true, whole) != text.size()) std::abort();
    std::string parts;
    const std::size_t taken = append_utf16(text.substr(0, cut), order, false, parts);
    if (taken > cut || append_utf16(text.substr(taken), order, true, parts) != text.size() - taken)
        std::abort();
    if (whole != parts) std::abort();
    return 0;
}
