// rooms: scan text core rules
// The search for encoded text, and decoding at every mark and at none.
#include "scan/decode/decoder.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stanch::scan;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<Mark> marks;
    find_encoded(text, marks);
    for (const Mark& mark : marks) {
        const auto decoded = decode_at(text, mark);
        if (!decoded || decoded->source.end > size || decoded->source.begin >= decoded->source.end)
            std::abort();
        if (decoded->text.empty()) std::abort();
        const Range whole = decoded->origin_of({0, decoded->text.size()});
        if (whole.end > size) std::abort();
    }
    for (std::size_t i = 0; i < encodings; ++i)
        (void)decode_at(text, {static_cast<Encoding>(i), size / 2});
    return 0;
}
