#include "scan/pattern/parser.h"

#include <algorithm>

namespace stanch::scan {
namespace {

constexpr std::size_t deepest = 200;
constexpr std::size_t most_repeats = 100000;

} // namespace

Tree tree_node(Tree::Kind kind) {
    Tree tree;
    tree.kind = kind;
    return tree;
}

Tree repeated(Tree tree, std::size_t least, std::size_t most) {
    Tree outer = tree_node(Tree::Kind::repeat);
    outer.least = least;
    outer.most = most;
    outer.parts.push_back(std::move(tree));
    return outer;
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
    Tree choice = tree_node(Tree::Kind::choice);
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
    Tree tree = tree_node(Tree::Kind::sequence);
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
        tree = repeated(std::move(tree), least, most);
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
        return tree_node(Tree::Kind::start);
    case '$':
        ++at_;
        return tree_node(Tree::Kind::empty);
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
    Tree bytes = tree_node(Tree::Kind::sequence);
    do {
        Tree one = tree_node(Tree::Kind::bytes);
        one.set.set(static_cast<unsigned char>(text_[at_++]));
        bytes.parts.push_back(std::move(one));
    } while ((static_cast<unsigned char>(peek()) & 0xc0) == 0x80);
    // Its other case may be other bytes.
    if (flags_.any_case) return repeated(one_of(ByteSet{}, true), 1, 1);
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
    Tree one = tree_node(Tree::Kind::bytes);
    one.set = folded(members);
    if (!dialect_.characters || !wide) return one;
    one.set &= byte_range(0, 0x7f);
    Tree high = tree_node(Tree::Kind::bytes);
    high.set = byte_range(0x80, 0xff);
    Tree choice = tree_node(Tree::Kind::choice);
    if (one.set.any()) choice.parts.push_back(std::move(one));
    choice.parts.push_back(repeated(std::move(high), 1, 4));
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
        return tree_node(Tree::Kind::empty);
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
    return tree_node(Tree::Kind::empty);
}

Result<Tree> Parser::named_group() {
    take("P");
    if (peek() == '=' || peek() == '>') { // a reference or a recursion by name
        expression_.only_pcre = true;
        at_ = std::min(text_.find(')', at_), text_.size());
        return repeated(one_of(~ByteSet{}, true), 0, unbounded);
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
    return tree_node(Tree::Kind::empty);
}

} // namespace stanch::scan
