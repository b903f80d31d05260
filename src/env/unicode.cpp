#include "env/unicode.h"

#include <cstdint>
#include <cstring>

namespace stanch::env {
namespace {

bool continues(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
}

// Spaces above ASCII that all three languages agree on.
bool is_wide_space(char32_t c) {
    return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_ascii_space(char32_t c) {
    return c == ' ' || (c >= 0x09 && c <= 0x0D);
}

bool well_formed(char32_t value, std::size_t length) {
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return value >= least[length] && value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF);
}

// The next byte above ASCII, or the end: eight at a time.
std::size_t behind_ascii(std::string_view text, std::size_t at) {
    std::uint64_t eight = 0;
    for (; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & 0x8080808080808080U) != 0) break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80)
        ++at;
    return at;
}

} // namespace

CodePoint decode(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return {lead, 1};
    char32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!continues(text, at + i)) return {lead, 1};
        value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    if (!well_formed(value, length)) return {lead, 1};
    return {value, length};
}

bool valid_utf8(std::string_view text) {
    for (std::size_t at = behind_ascii(text, 0); at < text.size(); at = behind_ascii(text, at)) {
        const std::size_t length = decode(text, at).length;
        if (length == 1) return false;
        at += length;
    }
    return true;
}

bool is_python_space(char32_t c) {
    return is_ascii_space(c) || (c >= 0x1C && c <= 0x1F) || c == 0x85 || is_wide_space(c);
}

bool is_node_space(char32_t c) {
    return is_ascii_space(c) || c == 0xFEFF || is_wide_space(c);
}

bool is_unicode_space(char32_t c) {
    return is_ascii_space(c) || c == 0x85 || is_wide_space(c);
}

std::size_t skip(std::string_view text, std::size_t at, Predicate predicate) {
    while (at < text.size()) {
        const CodePoint c = decode(text, at);
        const bool invalid = c.length == 1 && c.value >= 0x80;
        if (invalid || !predicate(c.value)) break;
        at += c.length;
    }
    return at;
}

std::string_view trim_end(std::string_view text, Predicate predicate) {
    std::size_t end = text.size();
    while (end > 0) {
        std::size_t last = end - 1;
        while (last > 0 && end - last < 4 && continues(text, last))
            --last;
        const CodePoint c = decode(text, last);
        if (last + c.length != end || (c.length == 1 && c.value >= 0x80) || !predicate(c.value))
            break;
        end = last;
    }
    return text.substr(0, end);
}

std::string_view trim(std::string_view text, Predicate predicate) {
    return trim_end(text.substr(skip(text, 0, predicate)), predicate);
}

} // namespace stanch::env
