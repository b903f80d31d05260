// Sets of bytes: [...], its classes by name, and those that a letter stands for.
#include "scan/pattern/parser.h"

#include <algorithm>

namespace stanch::scan {

ByteSet byte_range(unsigned first, unsigned last) {
    ByteSet set;
    for (unsigned c = first; c <= last; ++c)
        set.set(c);
    return set;
}

bool escape_class(char letter, bool pcre, ByteSet& members) {
    ByteSet set;
    switch (letter | 0x20) {
    case 'd':
        set = byte_range('0', '9');
        break;
    case 'w':
        set = byte_range('0', '9') | byte_range('a', 'z') | byte_range('A', 'Z');
        set.set('_');
        break;
    case 's':
        set = byte_range('\t', '\r');
        set.set(' ');
        // RE2 follows Perl 5.8 here, PCRE2 a later one.
        if (!pcre) set.reset('\v');
        break;
    default:
        return false;
    }
    members |= letter < 'a' ? ~set : set;
    return true;
}

bool Parser::posix_class(ByteSet& members) {
    struct Named {
        std::string_view name;
        ByteSet (*set)();
    };
    static constexpr Named names[] = {
        {"alnum",
         [] { return byte_range('0', '9') | byte_range('A', 'Z') | byte_range('a', 'z'); }},
        {"alpha", [] { return byte_range('A', 'Z') | byte_range('a', 'z'); }},
        {"ascii", [] { return byte_range(0, 127); }},
        {"blank", [] { return byte_range(' ', ' ') | byte_range('\t', '\t'); }},
        {"cntrl", [] { return byte_range(0, 31) | byte_range(127, 127); }},
        {"digit", [] { return byte_range('0', '9'); }},
        {"graph", [] { return byte_range('!', '~'); }},
        {"lower", [] { return byte_range('a', 'z'); }},
        {"print", [] { return byte_range(' ', '~'); }},
        {"punct",
         [] {
             return byte_range('!', '/') | byte_range(':', '@') | byte_range('[', '`') |
                    byte_range('{', '~');
         }},
        {"space", [] { return byte_range('\t', '\r') | byte_range(' ', ' '); }},
        {"upper", [] { return byte_range('A', 'Z'); }},
        {"word",
         [] {
             return byte_range('0', '9') | byte_range('A', 'Z') | byte_range('a', 'z') |
                    byte_range('_', '_');
         }},
        {"xdigit",
         [] { return byte_range('0', '9') | byte_range('A', 'F') | byte_range('a', 'f'); }},
    };
    for (const Named& each : names) {
        const std::string plain = "[:" + std::string(each.name) + ":]";
        const std::string other = "[:^" + std::string(each.name) + ":]";
        if (take(plain))
            members |= each.set();
        else if (take(other))
            members |= ~each.set();
        else
            continue;
        return true;
    }
    return false;
}

Result<Tree> Parser::set() {
    ++at_;
    const bool negated = take("^");
    ByteSet members;
    bool wide = false;
    const std::size_t begin = at_;
    while (at_ == begin || peek() != ']') {
        if (done()) return wrong("a '[' without ']'");
        STANCH_TRY(const bool more, set_member(members, wide));
        if (!more) break;
    }
    if (!take("]")) return wrong("a '[' without ']'");
    members = folded(members);
    if (flags_.any_case && (members['k'] || members['s'])) wide = true;
    if (negated) return one_of(~members, true);
    return one_of(members, wide);
}

// One character, class or range of a set.
Result<bool> Parser::set_member(ByteSet& members, bool& wide) {
    if (peek() == '[' && peek(1) == ':' && posix_class(members)) return true;
    bool whole_class = false;
    STANCH_TRY(const int first, set_character(members, whole_class, wide));
    if (whole_class) return true;
    if (peek() != '-' || peek(1) == ']' || peek(1) == '\0') {
        if (first < 0x80) members.set(static_cast<std::size_t>(first));
        return true;
    }
    ++at_;
    STANCH_TRY(const int last, set_character(members, whole_class, wide));
    if (whole_class) return wrong("a range that ends in a class");
    if (last < first) return wrong("a range that ends before it begins");
    members |= byte_range(static_cast<unsigned>(std::min(first, 0x80)),
                          static_cast<unsigned>(std::min(last, 0xff)));
    return true;
}

// A character's code point; or a class that was added to `members`.
Result<int> Parser::set_character(ByteSet& members, bool& whole_class, bool& wide) {
    auto high = [&](unsigned value) {
        if (value >= 0x80) {
            wide = true;
            expression_.characters = true;
            members |= byte_range(0x80, 0xff);
        }
        return static_cast<int>(std::min(value, 0x10ffffU));
    };
    const char c = peek();
    ++at_;
    if (static_cast<unsigned char>(c) >= 0x80) {
        unsigned value = static_cast<unsigned char>(c) & 0x3f;
        while ((static_cast<unsigned char>(peek()) & 0xc0) == 0x80)
            value = value << 6 | (static_cast<unsigned char>(text_[at_++]) & 0x3f);
        return high(std::max(value, 0x80U));
    }
    if (c != '\\') return static_cast<int>(c);
    const char letter = peek();
    if (done()) return wrong("a '\\' at the end");
    ++at_;
    if (escape_class(letter, dialect_.pcre, members)) {
        whole_class = true;
        if (letter < 'a') wide = true;
        return 0;
    }
    if (letter == 'p' || letter == 'P') {
        --at_;
        STANCH_TRY(const Tree any, property());
        whole_class = true;
        wide = true;
        members = ~ByteSet{};
        return 0;
    }
    if (letter == 'h') {
        whole_class = true;
        expression_.only_pcre = true;
        members.set(' ').set('\t');
        return 0;
    }
    if (letter == 'b') return '\b';
    STANCH_TRY(const unsigned value, code_point(letter));
    return high(value);
}

} // namespace stanch::scan
