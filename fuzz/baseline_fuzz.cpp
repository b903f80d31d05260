// rooms: scan core rules
#include "scan/baseline.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// What was read and written again is read as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto baseline = stanch::scan::Baseline::parse(text, "b")) {
        const auto again = stanch::scan::Baseline::parse(baseline->to_text(), "b");
        if (!again || again->entries() != baseline->entries()) std::abort();
    }
    (void)stanch::scan::IgnoreList::parse(text, "i");
    return 0;
}
