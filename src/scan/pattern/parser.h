// The reader behind parse_expression(): recursive descent, with a bound on depth.
#pragma once

#include "scan/pattern/tree.h"

namespace stanch::scan {

struct Dialect {
    bool characters = false;
    bool pcre = false;
};

class Parser {
  public:
    Parser(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) {}
    Result<Expression> parse();

  private:
    struct Flags {
        bool any_case = false;
        bool dot_all = false;
        bool extended = false;
    };

    Result<Tree> alternatives();
    Result<Tree> sequence();
    Result<Tree> piece();
    Result<Tree> quantified(Tree tree);
    Result<Tree> atom();
    Result<Tree> group();
    Result<Tree> group_body();
    Result<Tree> named_group();
    Result<Tree> flagged_group();
    Result<Tree> skipped_group();
    Result<Tree> escape();
    Result<Tree> quoted();
    Result<Tree> property();
    Result<Tree> set();
    Result<bool> set_member(ByteSet& members, bool& wide);
    Result<int> set_character(ByteSet& members, bool& whole_class, bool& wide);
    bool posix_class(ByteSet& members);
    Result<std::size_t> number();
    Result<unsigned> code_point(char kind);

    [[nodiscard]] Tree literal(unsigned code_point);
    [[nodiscard]] Tree one_of(ByteSet members, bool wide) const;
    [[nodiscard]] ByteSet folded(ByteSet members) const;
    void skip_comments();

    [[nodiscard]] bool done() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    bool take(std::string_view word);
    [[nodiscard]] std::unexpected<Error> wrong(std::string what) const;

    std::string_view text_;
    Dialect dialect_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    Flags flags_;
    Expression expression_;
};

// What the parser's files make and ask.
Tree tree_node(Tree::Kind kind);
Tree repeated(Tree tree, std::size_t least, std::size_t most);
ByteSet byte_range(unsigned first, unsigned last); // both included
inline bool digit(char c) {
    return c >= '0' && c <= '9';
}
inline bool word_character(char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The members of \d, \w, \s, \h, \v and their complements; false for another letter.
bool escape_class(char letter, bool pcre, ByteSet& members);

} // namespace stanch::scan
