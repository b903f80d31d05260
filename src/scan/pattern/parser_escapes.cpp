// What stands behind a backslash: characters by number or letter, properties, quoted text.
#include "scan/pattern/parser.h"

#include <algorithm>

namespace stanch::scan {

// What \n, \x41, \x{2014}, \012 or an escaped mark stands for; `letter` has been taken.
Result<unsigned> Parser::code_point(char letter) {
    switch (letter) {
    case 'a':
        return 7U;
    case 'f':
        return 12U;
    case 't':
        return 9U;
    case 'n':
        return 10U;
    case 'r':
        return 13U;
    case 'v':
        return 11U;
    case 'e':
        return 27U;
    default:
        break;
    }
    auto hex = [](char c) {
        return digit(c)                                 ? c - '0'
               : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                        : -1;
    };
    if (letter == 'x') {
        const bool braces = take("{");
        unsigned value = 0;
        std::size_t digits = 0;
        for (; hex(peek()) >= 0 && digits < (braces ? 8U : 2U); ++digits)
            value = value * 16 + static_cast<unsigned>(hex(text_[at_++]));
        if (digits == 0 || (braces && !take("}")) || value > 0x10ffff) return wrong("a broken \\x");
        return value;
    }
    if (letter >= '0' && letter <= '7') {
        unsigned value = static_cast<unsigned>(letter - '0');
        for (int i = 0; i < 2 && peek() >= '0' && peek() <= '7'; ++i)
            value = value * 8 + static_cast<unsigned>(text_[at_++] - '0');
        return value;
    }
    if (word_character(letter) && letter != '_')
        return wrong(std::string("an unknown escape \\") + letter);
    return static_cast<unsigned>(static_cast<unsigned char>(letter));
}

Result<Tree> Parser::quoted() {
    Tree tree = tree_node(Tree::Kind::sequence);
    while (!done() && !take("\\E"))
        tree.parts.push_back(literal(static_cast<unsigned char>(text_[at_++])));
    return tree;
}

Result<Tree> Parser::property() {
    ++at_;
    expression_.characters = true;
    if (take("{")) {
        const std::size_t end = text_.find('}', at_);
        if (end == std::string_view::npos) return wrong("a \\p{ without }");
        at_ = end + 1;
    } else if (done()) {
        return wrong("a \\p without a name");
    } else {
        ++at_;
    }
    return one_of(~ByteSet{}, true);
}

Result<Tree> Parser::escape() {
    ++at_;
    if (done()) return wrong("a '\\' at the end");
    const char letter = peek();
    if (letter == 'p' || letter == 'P') return property();
    ++at_;
    ByteSet members;
    if (escape_class(letter, dialect_.pcre, members)) return one_of(members, letter < 'a');
    switch (letter) {
    case 'b':
        return tree_node(dialect_.characters ? Tree::Kind::empty : Tree::Kind::edge);
    case 'B':
        return tree_node(dialect_.characters ? Tree::Kind::empty : Tree::Kind::inside);
    case 'A':
        return tree_node(Tree::Kind::start);
    case 'z':
        return tree_node(Tree::Kind::empty);
    case 'Q':
        return quoted();
    case 'C':
        return one_of(~ByteSet{}, false);
    case 'Z':
    case 'G':
    case 'K':
        expression_.only_pcre = true;
        return tree_node(Tree::Kind::empty);
    case 'h':
        expression_.only_pcre = true;
        return one_of(members.set(' ').set('\t'), false);
    case 'R':
    case 'N':
    case 'H':
    case 'X':
    case 'k':
    case 'g':
        expression_.only_pcre = true;
        if (take("{")) at_ = std::min(text_.find('}', at_), text_.size() - 1) + 1;
        return repeated(one_of(~ByteSet{}, true), 0, unbounded);
    default:
        break;
    }
    if (letter >= '1' && letter <= '9') { // a back reference
        expression_.only_pcre = true;
        while (digit(peek()))
            ++at_;
        return repeated(one_of(~ByteSet{}, true), 0, unbounded);
    }
    STANCH_TRY(const unsigned value, code_point(letter));
    return literal(value);
}

} // namespace stanch::scan
