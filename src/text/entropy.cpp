#include "text/entropy.h"

#include <array>
#include <cmath>

namespace stanch::text {

double shannon_entropy(std::string_view bytes) {
    if (bytes.empty()) return 0;
    std::array<std::size_t, 256> counts{};
    for (const char c : bytes)
        ++counts[static_cast<unsigned char>(c)];
    double entropy = 0;
    const auto total = static_cast<double>(bytes.size());
    for (const std::size_t count : counts) {
        if (count == 0) continue;
        const double share = static_cast<double>(count) / total;
        entropy -= share * std::log2(share);
    }
    return entropy;
}

} // namespace stanch::text
