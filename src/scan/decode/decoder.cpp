#include "scan/decode/decoder.h"

#include "scan/decode/alphabet.h"
#include "scan/decode/escape.h"

#include <algorithm>

namespace stanch::scan {
namespace {

// Around an escape, as much is decoded as a match may need: a line's part.
constexpr std::size_t escape_reach = 1024;
// Further escapes this near share one decoding.
constexpr std::size_t escape_step = 4096;

template <class Value>
Range run_around(std::string_view text, std::size_t at, Value value) {
    Range run{at, at};
    while (run.begin > 0 && value(text[run.begin - 1]) >= 0)
        --run.begin;
    while (run.end < text.size() && value(text[run.end]) >= 0)
        ++run.end;
    return run;
}

std::optional<Decoded> decode_base64(std::string_view text, std::size_t mark) {
    const Range run = run_around(text, mark - 1, base64_value);
    const std::size_t begin = run.begin + (mark - run.begin) % 4;
    if (begin + 20 > mark) return std::nullopt;
    Decoded out;
    out.source = {begin, run.end};
    out.covered = run.end;
    out.text.reserve((run.end - begin) / 4 * 3 + 3);
    std::uint32_t group = 0;
    int bits = 0;
    for (std::size_t i = begin; i < run.end; ++i) {
        group = group << 6 | static_cast<std::uint32_t>(base64_value(text[i]));
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out.text += static_cast<char>(group >> bits & 0xff);
    }
    // Padding belongs to what a person has to remove.
    for (int i = 0; i < 2 && out.source.end < text.size() && text[out.source.end] == '='; ++i)
        ++out.source.end;
    return out;
}

std::optional<Decoded> decode_hex(std::string_view text, std::size_t mark) {
    const Range run = run_around(text, mark - 1, hex_value);
    const std::size_t begin = run.begin + (mark - run.begin) % 2;
    if (begin + 32 > mark) return std::nullopt;
    Decoded out;
    out.source = {begin, run.end - (run.end - begin) % 2};
    out.covered = run.end;
    out.text.reserve((run.end - begin) / 2);
    for (std::size_t i = begin; i + 1 < run.end; i += 2)
        out.text += static_cast<char>(hex_value(text[i]) << 4 | hex_value(text[i + 1]));
    return out;
}

void add_byte(Decoded& out, unsigned byte, std::size_t origin) {
    out.text += static_cast<char>(byte);
    out.origins.push_back(origin);
}

void add_utf8(Decoded& out, unsigned code_point, std::size_t origin) {
    unsigned shift = code_point < 0x80      ? 0
                     : code_point < 0x800   ? 6
                     : code_point < 0x10000 ? 12
                                            : 18;
    constexpr unsigned lead[] = {0, 0xc0, 0xe0, 0xf0};
    add_byte(out, lead[shift / 6] | code_point >> shift, origin);
    for (; shift > 0; shift -= 6)
        add_byte(out, 0x80 | (code_point >> (shift - 6) & 63), origin);
}

// The part of the line(s) around an escape that is decoded for it.
Range line_part(std::string_view text, std::size_t begin, std::size_t end) {
    Range part{begin > escape_reach ? begin - escape_reach : 0,
               std::min(text.size(), end + escape_step + escape_reach)};
    if (const std::size_t newline = text.substr(part.begin, begin - part.begin).rfind('\n');
        newline != std::string_view::npos)
        part.begin += newline + 1;
    if (const std::size_t newline = text.substr(end, part.end - end).find('\n');
        newline != std::string_view::npos)
        part.end = end + newline;
    return part;
}

// Where the escape before the mark starts; mark.end: there is none.
std::size_t escape_before(std::string_view text, const Mark& mark) {
    constexpr std::size_t longest_escape = 12;
    for (std::size_t i = 1; i <= std::min(longest_escape, mark.end); ++i)
        if (escape_at(text.substr(mark.end - i), mark.encoding).length == i) return mark.end - i;
    return mark.end;
}

std::optional<Decoded> decode_escapes(std::string_view text, const Mark& mark) {
    const std::size_t start = escape_before(text, mark);
    if (start == mark.end) return std::nullopt;
    Decoded out;
    out.source = line_part(text, start, mark.end);
    out.covered = std::min(out.source.end, mark.end + escape_step);
    const std::string_view part = text.substr(0, out.source.end);
    for (std::size_t i = out.source.begin; i < part.size();) {
        const Escape escape = escape_at(part.substr(i), mark.encoding);
        if (escape.length != 0 && i >= start && i < out.covered)
            out.changed.push_back(out.text.size());
        if (escape.length == 0)
            add_byte(out, static_cast<unsigned char>(part[i]), i);
        else if (mark.encoding == Encoding::percent)
            add_byte(out, escape.code_point, i);
        else
            add_utf8(out, escape.code_point, i);
        i += std::max<std::size_t>(1, escape.length);
    }
    return out;
}

} // namespace

std::string_view name_of(Encoding encoding) {
    constexpr std::string_view names[] = {"base64", "hex", "percent", "unicode", "entity"};
    return names[static_cast<std::size_t>(encoding)];
}

Range Decoded::origin_of(const Range& decoded) const {
    if (origins.empty()) return source;
    const std::size_t begin = origins[decoded.begin];
    const std::size_t end = decoded.end < origins.size() ? origins[decoded.end] : source.end;
    return {begin, end};
}

bool Decoded::holds_change(const Range& decoded) const {
    if (origins.empty()) return true;
    const auto at = std::ranges::lower_bound(changed, decoded.begin);
    return at != changed.end() && *at < decoded.end;
}

std::optional<Decoded> decode_at(std::string_view text, const Mark& mark) {
    if (mark.end == 0 || mark.end > text.size()) return std::nullopt;
    switch (mark.encoding) {
    case Encoding::base64:
        return decode_base64(text, mark.end);
    case Encoding::hex:
        return decode_hex(text, mark.end);
    default:
        return decode_escapes(text, mark);
    }
}

} // namespace stanch::scan
