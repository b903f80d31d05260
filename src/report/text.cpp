#include "report/report.h"

#include "text/encoding.h"

#include <array>
#include <cstdio>

namespace stanch::report {

std::string number_text(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> units{"bytes", "kB", "MB", "GB", "TB"};
    if (bytes < 1000) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1000 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.1f %s", value, units[unit]);
    return text.data();
}

std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural) {
    std::string text = number_text(number) + " ";
    if (number == 1) return text.append(singular);
    return plural.empty() ? text.append(singular).append("s") : text.append(plural);
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\t')
            out += ' ';
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (byte < 0x20 || byte == 0x7F)
            out += "\\x" + text::hex_encode(std::string_view(&c, 1));
        else
            out += c;
    }
    return out;
}

} // namespace stanch::report
