// Strings: their contents, escapes and interpolations.
#include "syntax/quick_parser.h"

#include <algorithm>

namespace stanch::syntax {

struct QuickParser::Quote {
    char mark = 0;
    bool triple = false;
    bool raw = false;
    bool bytes = false;
    bool format = false;
};

QuickParser::Id QuickParser::strings() {
    const std::uint32_t begin = now().begin;
    const Id first = string();
    if (!is(Tok::string)) return first;
    List parts;
    add(parts, first);
    while (is(Tok::string))
        add(parts, string());
    return wrap(Kind::concatenated_string, begin, last_end_, parts);
}

QuickParser::Id QuickParser::string() {
    const Deeper deeper(*this);
    const std::string_view text = tokens_.text();
    const std::uint32_t begin = now().begin;
    std::size_t at = begin;
    Quote quote;
    for (; text[at] != '"' && text[at] != '\''; ++at) {
        const char letter = static_cast<char>(text[at] | 0x20);
        quote.raw = quote.raw || letter == 'r';
        quote.bytes = quote.bytes || letter == 'b';
        quote.format = quote.format || letter == 'f';
    }
    quote.mark = text[at++];
    if (at + 1 < text.size() && text[at] == quote.mark && text[at + 1] == quote.mark) {
        quote.triple = true;
        at += 2;
    }
    List parts;
    add(parts, leaf(Kind::string_start, begin, static_cast<std::uint32_t>(at)));
    tokens_.jump(at);
    for (bool ended = false; !ended && !stopped();) {
        if (const Id part = content(quote, ended)) add(parts, part);
        if (!ended && !stopped()) add(parts, interpolation());
    }
    if (stopped()) return 0;
    at = tokens_.at();
    const std::size_t size = quote.triple ? 3 : 1;
    add(parts, leaf(Kind::string_end, static_cast<std::uint32_t>(at),
                    static_cast<std::uint32_t>(at + size)));
    tokens_.jump(at + size);
    last_end_ = static_cast<std::uint32_t>(at + size);
    tokens_.advance();
    return wrap(Kind::string, begin, last_end_, parts);
}

// How long the escape at a backslash is; 0: none that the grammar names.
std::size_t QuickParser::escape(std::size_t at, bool bytes) const {
    const std::string_view rest = tokens_.text().substr(at + 1);
    if (rest.empty()) return 0;
    const auto run = [&](std::size_t from, std::size_t count, auto fits) {
        return rest.size() >= from + count && std::ranges::all_of(rest.substr(from, count), fits);
    };
    const auto hex = [](char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    switch (rest[0]) {
    case 'x':
        return run(1, 2, hex) ? 4 : 0;
    case 'u':
        return !bytes && run(1, 4, hex) ? 6 : 0;
    case 'U':
        return !bytes && run(1, 8, hex) ? 10 : 0;
    case 'N': {
        if (bytes || rest.size() < 4 || rest[1] != '{' || rest[2] == '}') return 0;
        const std::size_t end = rest.find('}');
        return end == std::string_view::npos ? 0 : end + 2;
    }
    case '\n':
        return 2;
    default:
        if (digit(rest[0])) return run(0, 3, digit) ? 4 : run(0, 2, digit) ? 3 : 2;
        return std::string_view("'\"abfrntv\\").contains(rest[0]) ? 2 : 0;
    }
}

QuickParser::Id QuickParser::content(const Quote& quote, bool& ended) {
    const std::string_view text = tokens_.text();
    const std::size_t begin = tokens_.at();
    std::size_t at = begin;
    List parts;
    bool plain = false; // the grammar's scanner has seen a character of its own
    for (;; ++at) {
        if (at >= text.size()) return stop(), 0;
        const char c = text[at];
        if (c == quote.mark) {
            if (!quote.triple) break;
            if (at + 2 < text.size() && text[at + 1] == c && text[at + 2] == c) break;
            plain = true;
        } else if (c == '\n') {
            if (!quote.triple) return stop(), 0;
            plain = true;
        } else if (c == '\\') {
            if (at + 1 >= text.size() || text[at + 1] == '\r') return stop(), 0;
            if (quote.raw) {
                const char next = text[at + 1];
                if (quote.format && (next == '{' || next == '}')) return stop(), 0;
                if (next == quote.mark || next == '\\' || next == '\n') {
                    if (!quote.triple && at + 2 < text.size() && text[at + 2] == '\n')
                        return stop(), 0;
                    ++at;
                }
                continue;
            }
            if (quote.bytes && std::string_view("NuU").contains(text[at + 1])) return stop(), 0;
            if (const std::size_t size = escape(at, quote.bytes); size != 0) {
                if (quote.format && text[at + 1] == 'N') return stop(), 0;
                add(parts, leaf(Kind::escape_sequence, static_cast<std::uint32_t>(at),
                                static_cast<std::uint32_t>(at + size)));
                at += size - 1;
            } else if (text[at + 1] == '\n' || (quote.format && (text[at + 1] == '{'))) {
                return stop(), 0;
            }
            plain = true;
        } else if (quote.format && (c == '{' || c == '}')) {
            const bool twice = at + 1 < text.size() && text[at + 1] == c;
            if (!twice) {
                if (c == '}') return stop(), 0;
                break;
            }
            add(parts, leaf(Kind::escape_interpolation, static_cast<std::uint32_t>(at),
                            static_cast<std::uint32_t>(at + 2)));
            ++at;
            plain = true;
        } else {
            plain = true;
        }
    }
    tokens_.jump(at);
    ended = text[at] != '{' || !quote.format;
    if (at == begin) return 0;
    if (quote.raw && !plain) return stop(), 0;
    return wrap(Kind::string_content, static_cast<std::uint32_t>(begin),
                static_cast<std::uint32_t>(at), parts);
}

// {expression=!r:format}
QuickParser::Id QuickParser::interpolation() {
    const Deeper deeper(*this);
    const auto begin = static_cast<std::uint32_t>(tokens_.at());
    const int outer = tokens_.brackets;
    const std::size_t extras = out_.extras.size();
    tokens_.brackets = 1;
    tokens_.jump(begin + 1);
    tokens_.advance();
    List parts;
    add(parts, expressions(), Field::expression);
    if (is(Tok::equals)) step();
    if (is(Tok::bang)) {
        const std::uint32_t at = now().begin;
        const std::string_view text = tokens_.text();
        if (text.size() < at + 3 || text[at + 1] < 'a' || text[at + 1] > 'z' ||
            (text[at + 2] != ':' && text[at + 2] != '}'))
            stop();
        if (stopped()) return 0;
        add(parts, leaf(Kind::other, at, at + 2));
        tokens_.jump(at + 2);
        tokens_.advance();
    }
    if (is(Tok::colon)) add(parts, format_specifier());
    if (!is_close('}') || out_.extras.size() != extras) stop();
    if (stopped()) return 0;
    const std::uint32_t end = now().end;
    tokens_.brackets = outer;
    tokens_.jump(end);
    return wrap(Kind::interpolation, begin, end, parts);
}

QuickParser::Id QuickParser::format_specifier() {
    const std::string_view text = tokens_.text();
    const std::uint32_t begin = now().begin;
    std::size_t at = now().end;
    List parts;
    for (;; ++at) {
        if (at >= text.size() || text[at] == '\n' || text[at] == '\\') return stop(), 0;
        if (text[at] == '}') break;
        if (text[at] != '{') continue;
        if (at + 1 < text.size() && text[at + 1] == '{') return stop(), 0;
        tokens_.jump(at);
        const Id nested = interpolation();
        if (stopped()) return 0;
        this->at(nested).kind = Kind::other;
        add(parts, nested);
        at = tokens_.at() - 1;
        tokens_.brackets = 1;
    }
    const Id made = wrap(Kind::other, begin, static_cast<std::uint32_t>(at), parts);
    tokens_.jump(at);
    tokens_.advance();
    return made;
}

} // namespace stanch::syntax
