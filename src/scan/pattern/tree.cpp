#include "scan/pattern/tree.h"

#include "scan/pattern/parser.h"

#include <algorithm>

namespace stanch::scan {
namespace {

// A width that needs no telling from an unbounded one.
constexpr std::size_t enough = std::size_t{1} << 24;

std::size_t add(std::size_t a, std::size_t b) {
    return a == unbounded || b == unbounded ? unbounded : a + b;
}

std::size_t multiply(std::size_t a, std::size_t b) {
    if (a == 0 || b == 0) return 0;
    return a > enough || b > enough ? unbounded : a * b;
}

Width width_of_sequence(const std::vector<Tree>& parts) {
    Width sum;
    for (const Tree& part : parts) {
        const Width width = width_of(part);
        sum.least += width.least;
        sum.most = add(sum.most, width.most);
    }
    return sum;
}

Width width_of_choice(const std::vector<Tree>& parts) {
    Width all{unbounded, 0};
    for (const Tree& part : parts) {
        const Width width = width_of(part);
        all.least = std::min(all.least, width.least);
        all.most = std::max(all.most, width.most);
    }
    return all;
}

bool plain_ascii(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

} // namespace

Width width_of(const Tree& tree) {
    switch (tree.kind) {
    case Tree::Kind::empty:
    case Tree::Kind::edge:
    case Tree::Kind::inside:
    case Tree::Kind::start:
        return {};
    case Tree::Kind::bytes:
        return {1, 1};
    case Tree::Kind::sequence:
        return width_of_sequence(tree.parts);
    case Tree::Kind::choice:
        return width_of_choice(tree.parts);
    case Tree::Kind::repeat: {
        const Width one = width_of(tree.parts[0]);
        return {multiply(one.least, tree.least), multiply(one.most, tree.most)};
    }
    }
    return {};
}

Result<Expression> parse_expression(std::string_view text) {
    Dialect dialect{.characters = !plain_ascii(text)};
    Parser first(text, dialect);
    STANCH_TRY(Expression expression, first.parse());
    if (expression.characters == dialect.characters && !expression.only_pcre) return expression;
    // What it names decides how the rest is read: \s has a vertical tab in PCRE2, '.' is a
    // character of UTF-8.
    dialect = {.characters = expression.characters, .pcre = expression.only_pcre};
    return Parser(text, dialect).parse();
}

} // namespace stanch::scan
