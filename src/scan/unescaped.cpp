#include "scan/unescaped.h"

#include "core/secret.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>

namespace stanch::scan {
namespace {

// One escape: how many bytes it takes, and what it stands for; 0 bytes: not an escape.
struct Piece {
    std::size_t length = 0;
    std::array<char, 4> bytes{};
    std::size_t size = 0;
};

Piece one(std::size_t length, char c) {
    return {length, {c}, 1};
}

Piece hex_pair(std::string_view text, std::size_t skip) {
    const auto byte = text::hex_decode(text.substr(std::min(skip, text.size()), 2));
    if (!byte || byte->empty()) return {};
    return one(skip + 2, (*byte)[0]);
}

// The value of \uXXXX at the start of `text`, or -1.
std::int32_t unit(std::string_view text) {
    if (!text.starts_with("\\u")) return -1;
    const auto bytes = text::hex_decode(text.substr(2, 4));
    if (!bytes || bytes->size() != 2) return -1;
    return static_cast<unsigned char>((*bytes)[0]) << 8 | static_cast<unsigned char>((*bytes)[1]);
}

Piece utf8(std::size_t length, std::uint32_t point) {
    auto tail = [&](int shift) { return static_cast<char>(0x80 | (point >> shift & 0x3f)); };
    if (point < 0x80) return one(length, static_cast<char>(point));
    if (point < 0x800) return {length, {static_cast<char>(0xc0 | point >> 6), tail(0)}, 2};
    if (point < 0x10000)
        return {length, {static_cast<char>(0xe0 | point >> 12), tail(6), tail(0)}, 3};
    return {length, {static_cast<char>(0xf0 | point >> 18), tail(12), tail(6), tail(0)}, 4};
}

Piece unicode(std::string_view text) {
    const std::int32_t first = unit(text);
    if (first < 0) return {};
    if (first < 0xd800 || first > 0xdfff) return utf8(6, static_cast<std::uint32_t>(first));
    const std::int32_t second = text.size() > 6 ? unit(text.substr(6)) : -1;
    if (first > 0xdbff || second < 0xdc00 || second > 0xdfff) return {};
    return utf8(12, 0x10000U + (static_cast<std::uint32_t>(first - 0xd800) << 10) +
                        static_cast<std::uint32_t>(second - 0xdc00));
}

Piece backslash(std::string_view text) {
    if (text.size() < 2) return {};
    switch (text[1]) {
    case 'n':
        return one(2, '\n');
    case 't':
        return one(2, '\t');
    case 'r':
        return one(2, '\r');
    case 'b':
        return one(2, '\b');
    case 'f':
        return one(2, '\f');
    case '"':
    case '\'':
    case '\\':
    case '$':
    case '`':
    case '/':
        return one(2, text[1]);
    case 'x':
        return hex_pair(text, 2);
    case 'u':
        return unicode(text);
    default:
        return {};
    }
}

Piece piece(std::string_view text, Escape escape) {
    if (escape == Escape::backslash) return text[0] == '\\' ? backslash(text) : Piece{};
    if (text[0] == '%') return hex_pair(text, 1);
    return escape == Escape::form && text[0] == '+' ? one(1, ' ') : Piece{};
}

} // namespace

Unescaped::Unescaped(std::string_view text, Escape escape) {
    const std::string_view starts = escape == Escape::backslash ? "\\"
                                    : escape == Escape::form    ? "+"
                                                                : "%";
    if (text.find(starts) == std::string_view::npos) return;
    const std::string_view stops = escape == Escape::form ? "%+" : starts;
    text_.reserve(text.size());
    std::size_t from = 0;
    for (std::size_t at = text.find_first_of(stops); at != std::string_view::npos;
         at = text.find_first_of(stops, at)) {
        const Piece found = piece(text.substr(at), escape);
        if (found.length == 0) {
            ++at;
            continue;
        }
        text_ += text.substr(from, at - from);
        text_.append(found.bytes.data(), found.size);
        at += found.length;
        from = at;
        joints_.push_back({text_.size(), at});
    }
    if (!joints_.empty()) text_ += text.substr(from);
}

Unescaped::~Unescaped() {
    wipe(text_);
}

std::size_t Unescaped::original(std::size_t at) const {
    const auto next = std::ranges::upper_bound(joints_, at, {}, &Joint::here);
    if (next == joints_.begin()) return at;
    return std::prev(next)->there + (at - std::prev(next)->here);
}

} // namespace stanch::scan
