#include "scan/decode/escape.h"

#include "scan/decode/alphabet.h"

namespace stanch::scan {
namespace {

constexpr unsigned last_code_point = 0x10ffff;

// `count` hex digits from `at` on.
bool hex_number(std::string_view text, std::size_t at, std::size_t count, unsigned& value) {
    if (text.size() < at + count) return false;
    value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        const int digit = hex_value(text[i]);
        if (digit < 0) return false;
        value = value << 4 | static_cast<unsigned>(digit);
    }
    return true;
}

// Digits up to `close`.
Escape number_until(std::string_view text, std::size_t at, unsigned base, char close) {
    unsigned value = 0;
    const std::size_t begin = at;
    for (; at < text.size() && at < begin + 8 && text[at] != close; ++at) {
        const int digit = hex_value(text[at]);
        if (digit < 0 || static_cast<unsigned>(digit) >= base) return {};
        value = value * base + static_cast<unsigned>(digit);
    }
    if (at == begin || at >= text.size() || text[at] != close || value > last_code_point) return {};
    return {at + 1, value};
}

} // namespace

Escape percent_escape(std::string_view text) {
    unsigned value = 0;
    return text.starts_with('%') && hex_number(text, 1, 2, value) ? Escape{3, value} : Escape{};
}

Escape unicode_escape(std::string_view text) {
    if (text.size() < 4 || text[0] != '\\') return {};
    unsigned value = 0;
    switch (text[1]) {
    case 'x':
        return hex_number(text, 2, 2, value) ? Escape{4, value} : Escape{};
    case 'U':
        return hex_number(text, 2, 8, value) && value <= last_code_point ? Escape{10, value}
                                                                         : Escape{};
    case 'u':
        if (text[2] == '{') return number_until(text, 3, 16, '}');
        return hex_number(text, 2, 4, value) ? Escape{6, value} : Escape{};
    default:
        return {};
    }
}

Escape entity_escape(std::string_view text) {
    if (text.size() < 4 || text[0] != '&') return {};
    if (text[1] == '#')
        return (text[2] | 0x20) == 'x' ? number_until(text, 3, 16, ';')
                                       : number_until(text, 2, 10, ';');
    struct Named {
        std::string_view name;
        char character;
    };
    static constexpr Named names[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (const Named& each : names)
        if (text.starts_with(each.name))
            return {each.name.size(), static_cast<unsigned>(each.character)};
    return {};
}

Escape escape_at(std::string_view text, Encoding encoding) {
    switch (encoding) {
    case Encoding::percent:
        return percent_escape(text);
    case Encoding::unicode:
        return unicode_escape(text);
    case Encoding::entity:
        return entity_escape(text);
    default:
        return {};
    }
}

} // namespace stanch::scan
