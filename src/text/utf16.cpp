#include "text/utf16.h"

namespace stanch::text {
namespace {

constexpr char32_t replacement = 0xFFFD;

char32_t unit_at(std::string_view bytes, std::size_t at, ByteOrder order) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return order == ByteOrder::little ? static_cast<char32_t>(second << 8 | first)
                                      : static_cast<char32_t>(first << 8 | second);
}

bool is_high(char32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(char32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

} // namespace

void append_code_point(char32_t code, std::string& utf8) {
    if (code > 0x10FFFF || is_high(code) || is_low(code)) code = replacement;
    const auto tail = [&](int shift) { utf8 += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
    if (code < 0x80) {
        utf8 += static_cast<char>(code);
    } else if (code < 0x800) {
        utf8 += static_cast<char>(0xC0 | code >> 6);
        tail(0);
    } else if (code < 0x10000) {
        utf8 += static_cast<char>(0xE0 | code >> 12);
        tail(6);
        tail(0);
    } else {
        utf8 += static_cast<char>(0xF0 | code >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

std::size_t append_utf16(std::string_view bytes, ByteOrder order, bool last, std::string& utf8) {
    std::size_t at = 0;
    while (bytes.size() - at >= 2) {
        char32_t code = unit_at(bytes, at, order);
        std::size_t size = 2;
        if (is_high(code)) {
            if (bytes.size() - at < 4 && !last) return at;
            const char32_t low = bytes.size() - at < 4 ? 0 : unit_at(bytes, at + 2, order);
            if (is_low(low)) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                size = 4;
            }
        }
        append_code_point(code, utf8);
        at += size;
    }
    if (!last || at == bytes.size()) return at;
    append_code_point(replacement, utf8);
    return bytes.size();
}

void append_utf32(std::string_view bytes, ByteOrder order, std::string& utf8) {
    for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
        const char32_t first = unit_at(bytes, 0, order);
        const char32_t second = unit_at(bytes, 2, order);
        append_code_point(order == ByteOrder::little ? second << 16 | first : first << 16 | second,
                          utf8);
    }
    if (!bytes.empty()) append_code_point(replacement, utf8);
}

} // namespace stanch::text
