// rooms: scan rules
#include "scan/container/notebook.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parts = stanch::scan::notebook_parts({reinterpret_cast<const char*>(data), size});
    if (!parts) return 0;
    for (const auto& part : *parts)
        if (part.name.empty()) std::abort();
    return 0;
}
