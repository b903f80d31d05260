#include "scan/pattern/parser.h"

#include <algorithm>

namespace stanch::scan {
namespace {

constexpr std::size_t deepest = 200;
constexpr std::size_t most_repeats = 100000;

Tree node(Tree::Kind kind) {
    Tree tree;
    tree.kind = kind;
    return tree;
}

Tree repeat(Tree tree, std::size_t least, std::size_t most) {
    Tree outer = node(Tree::Kind::repeat);
    outer.least = least;
    outer.most = most;
    outer.parts.push_back(std::move(tree));
    return outer;
}

ByteSet range(unsigned first, unsigned last) {
    ByteSet set;
    for (unsigned c = first; c <= last; ++c)
        set.set(c);
    return set;
}

bool digit(char c) {
    return c >= '0' && c <= '9';
}

bool word_character(char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

} // namespace

bool escape_class(char letter, bool pcre, ByteSet& members) {
    ByteSet set;
    switch (letter | 0x20) {
    case 'd':
        set = range('0', '9');
        break;
    case 'w':
        set = range('0', '9') | range('a', 'z') | range('A', 'Z');
        set.set('_');
        break;
    case 's':
        set = range('\t', '\r');
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

Result<Expression> Parser::parse() {
    expression_.characters = dialect_.characters;
    STANCH_TRY(expression_.tree, alternatives());
    if (!done()) return wrong("a ')' without '('");
    return std::move(expression_);
}

std::unexpected<Error> Parser::wrong(std::string what) const {
    return fail(ErrorKind::invalid, std::move(what), "at " + std::to_string(at_ + 1));
}

bool Parser::take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
}

Result<Tree> Parser::alternatives() {
    if (++depth_ > deepest) return wrong("nested too deep");
    const Flags outer = flags_;
    Tree choice = node(Tree::Kind::choice);
    do {
        STANCH_TRY(Tree branch, sequence());
        choice.parts.push_back(std::move(branch));
    } while (take("|"));
    flags_ = outer;
    --depth_;
    return choice.parts.size() == 1 ? std::move(choice.parts[0]) : std::move(choice);
}

void Parser::skip_comments() {
    while (flags_.extended && !done()) {
        if (peek() == '#')
            at_ = std::min(text_.find('\n', at_), text_.size());
        else if (std::string_view(" \t\r\n\f\v").find(peek()) != std::string_view::npos)
            ++at_;
        else
            return;
    }
}

Result<Tree> Parser::sequence() {
    Tree tree = node(Tree::Kind::sequence);
    for (skip_comments(); !done() && peek() != '|' && peek() != ')'; skip_comments()) {
        STANCH_TRY(Tree part, piece());
        if (part.kind != Tree::Kind::empty) tree.parts.push_back(std::move(part));
    }
    return tree;
}

Result<Tree> Parser::piece() {
    if (std::string_view("*+?").find(peek()) != std::string_view::npos)
        return wrong("nothing to repeat");
    STANCH_TRY(Tree tree, atom());
    return quantified(std::move(tree));
}

Result<Tree> Parser::quantified(Tree tree) {
    for (skip_comments(); !done(); skip_comments()) {
        std::size_t least = 0;
        std::size_t most = unbounded;
        const std::size_t before = at_;
        if (take("*")) {
        } else if (take("+")) {
            least = 1;
        } else if (take("?")) {
            most = 1;
        } else if (peek() == '{' && digit(peek(1))) {
            ++at_;
            STANCH_TRY(least, number());
            most = least;
            if (take(",")) {
                most = unbounded;
                if (digit(peek())) {
                    STANCH_TRY(most, number());
                }
            }
            if (!take("}")) { // "{12" is text
                at_ = before;
                return tree;
            }
            if (most < least) return wrong("a repetition that ends before it begins");
        } else {
            return tree;
        }
        if (!take("?") && take("+")) expression_.only_pcre = true;
        tree = repeat(std::move(tree), least, most);
    }
    return tree;
}

Result<std::size_t> Parser::number() {
    std::size_t value = 0;
    while (digit(peek())) {
        value = value * 10 + static_cast<std::size_t>(text_[at_++] - '0');
        if (value > most_repeats) return wrong("a repetition of more than 100,000");
    }
    return value;
}

Result<Tree> Parser::atom() {
    const char c = peek();
    switch (c) {
    case '(':
        return group();
    case '[':
        return set();
    case '\\':
        return escape();
    case '^':
        ++at_;
        return node(Tree::Kind::start);
    case '$':
        ++at_;
        return node(Tree::Kind::empty);
    case '.': {
        ++at_;
        ByteSet any = ~ByteSet{};
        if (!flags_.dot_all) any.reset('\n');
        return one_of(any, true);
    }
    default:
        break;
    }
    if (static_cast<unsigned char>(c) < 0x80) {
        ++at_;
        return literal(static_cast<unsigned char>(c));
    }
    // A character outside ASCII: its bytes as they stand (dialect_.characters is set, the text
    // isn't plain).
    Tree bytes = node(Tree::Kind::sequence);
    do {
        Tree one = node(Tree::Kind::bytes);
        one.set.set(static_cast<unsigned char>(text_[at_++]));
        bytes.parts.push_back(std::move(one));
    } while ((static_cast<unsigned char>(peek()) & 0xc0) == 0x80);
    // Its other case may be other bytes.
    if (flags_.any_case) return repeat(one_of(ByteSet{}, true), 1, 1);
    return bytes;
}

ByteSet Parser::folded(ByteSet members) const {
    if (!flags_.any_case) return members;
    for (unsigned c = 'a'; c <= 'z'; ++c) {
        const bool either = members[c] || members[c - 32];
        members[c] = either;
        members[c - 32] = either;
    }
    return members;
}

// In `characters`, a member outside ASCII takes two to four bytes, and the tree accepts any of
// them.
Tree Parser::one_of(ByteSet members, bool wide) const {
    Tree one = node(Tree::Kind::bytes);
    one.set = folded(members);
    if (!dialect_.characters || !wide) return one;
    one.set &= range(0, 0x7f);
    Tree high = node(Tree::Kind::bytes);
    high.set = range(0x80, 0xff);
    Tree choice = node(Tree::Kind::choice);
    if (one.set.any()) choice.parts.push_back(std::move(one));
    choice.parts.push_back(repeat(std::move(high), 1, 4));
    return choice;
}

Tree Parser::literal(unsigned code_point) {
    if (code_point >= 0x80) expression_.characters = true;
    ByteSet set;
    if (code_point < 0x80) set.set(code_point);
    // In any case, UTF-8 has a long s and a Kelvin sign.
    const bool wide =
        code_point >= 0x80 ||
        (flags_.any_case && ((code_point | 0x20) == 'k' || (code_point | 0x20) == 's'));
    return one_of(set, wide);
}

Result<Tree> Parser::group() {
    ++at_;
    const Flags outer = flags_;
    STANCH_TRY(Tree tree, group_body());
    if (!take(")")) return wrong("a '(' without ')'");
    if (tree.kind != Tree::Kind::empty) flags_ = outer; // a bare (?i) stays
    return tree;
}

Result<Tree> Parser::group_body() {
    if (!take("?")) {
        ++expression_.groups;
        return alternatives();
    }
    if (take(":")) return alternatives();
    if (take(">") || take("|")) {
        expression_.only_pcre = true;
        return alternatives();
    }
    if (take("#")) {
        at_ = std::min(text_.find(')', at_), text_.size());
        return node(Tree::Kind::empty);
    }
    if (peek() == 'P' || peek() == '\'' || (peek() == '<' && peek(1) != '=' && peek(1) != '!'))
        return named_group();
    if (take("=") || take("!") || take("<=") || take("<!")) return skipped_group();
    return flagged_group();
}

// Look-around: read for its groups and its errors, and left out.
Result<Tree> Parser::skipped_group() {
    expression_.only_pcre = true;
    STANCH_TRY(const Tree inside, alternatives());
    return node(Tree::Kind::empty);
}

Result<Tree> Parser::named_group() {
    take("P");
    if (peek() == '=' || peek() == '>') { // a reference or a recursion by name
        expression_.only_pcre = true;
        at_ = std::min(text_.find(')', at_), text_.size());
        return repeat(one_of(~ByteSet{}, true), 0, unbounded);
    }
    const char close = peek() == '\'' ? '\'' : '>';
    ++at_;
    const std::size_t begin = at_;
    while (word_character(peek()))
        ++at_;
    if (at_ == begin || peek() != close) return wrong("a broken group name");
    ++at_;
    if (close == '\'') expression_.only_pcre = true;
    ++expression_.groups;
    return alternatives();
}

// (?i) up to the end of the group around it, (?i:…) for this one.
Result<Tree> Parser::flagged_group() {
    Flags changed = flags_;
    bool on = true;
    for (; !done() && peek() != ')' && peek() != ':'; ++at_) {
        switch (peek()) {
        case '-':
            on = false;
            break;
        case 'i':
            changed.any_case = on;
            break;
        case 's':
            changed.dot_all = on;
            break;
        case 'x':
            changed.extended = on;
            expression_.only_pcre = true;
            break;
        case 'm':
        case 'U':
            break;
        default:
            return wrong("an unknown kind of group");
        }
    }
    flags_ = changed;
    if (take(":")) return alternatives();
    return node(Tree::Kind::empty);
}

bool Parser::posix_class(ByteSet& members) {
    struct Named {
        std::string_view name;
        ByteSet (*set)();
    };
    static constexpr Named names[] = {
        {"alnum", [] { return range('0', '9') | range('A', 'Z') | range('a', 'z'); }},
        {"alpha", [] { return range('A', 'Z') | range('a', 'z'); }},
        {"ascii", [] { return range(0, 127); }},
        {"blank", [] { return range(' ', ' ') | range('\t', '\t'); }},
        {"cntrl", [] { return range(0, 31) | range(127, 127); }},
        {"digit", [] { return range('0', '9'); }},
        {"graph", [] { return range('!', '~'); }},
        {"lower", [] { return range('a', 'z'); }},
        {"print", [] { return range(' ', '~'); }},
        {"punct",
         [] { return range('!', '/') | range(':', '@') | range('[', '`') | range('{', '~'); }},
        {"space", [] { return range('\t', '\r') | range(' ', ' '); }},
        {"upper", [] { return range('A', 'Z'); }},
        {"word",
         [] { return range('0', '9') | range('A', 'Z') | range('a', 'z') | range('_', '_'); }},
        {"xdigit", [] { return range('0', '9') | range('A', 'F') | range('a', 'f'); }},
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
    members |= range(static_cast<unsigned>(std::min(first, 0x80)),
                     static_cast<unsigned>(std::min(last, 0xff)));
    return true;
}

// A character's code point; or a class that was added to `members`.
Result<int> Parser::set_character(ByteSet& members, bool& whole_class, bool& wide) {
    auto high = [&](unsigned value) {
        if (value >= 0x80) {
            wide = true;
            expression_.characters = true;
            members |= range(0x80, 0xff);
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
    Tree tree = node(Tree::Kind::sequence);
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
        return node(dialect_.characters ? Tree::Kind::empty : Tree::Kind::edge);
    case 'B':
        return node(dialect_.characters ? Tree::Kind::empty : Tree::Kind::inside);
    case 'A':
        return node(Tree::Kind::start);
    case 'z':
        return node(Tree::Kind::empty);
    case 'Q':
        return quoted();
    case 'C':
        return one_of(~ByteSet{}, false);
    case 'Z':
    case 'G':
    case 'K':
        expression_.only_pcre = true;
        return node(Tree::Kind::empty);
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
        return repeat(one_of(~ByteSet{}, true), 0, unbounded);
    default:
        break;
    }
    if (letter >= '1' && letter <= '9') { // a back reference
        expression_.only_pcre = true;
        while (digit(peek()))
            ++at_;
        return repeat(one_of(~ByteSet{}, true), 0, unbounded);
    }
    STANCH_TRY(const unsigned value, code_point(letter));
    return literal(value);
}

} // namespace stanch::scan
