// The tokens of ordinary Python, one at a time.
#pragma once

#include "syntax/quick.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace stanch::syntax {

// clang-format off
#define STANCH_PYTHON_KEYWORDS(X) \
    X(and, and_) X(as, as_) X(assert, assert_) X(async, async_) X(await, await_) \
    X(break, break_) X(class, class_) X(continue, continue_) X(def, def_) X(del, del_) \
    X(elif, elif_) X(else, else_) X(except, except_) X(False, false_) X(finally, finally_) \
    X(for, for_) X(from, from_) X(global, global_) X(if, if_) X(import, import_) X(in, in_) \
    X(is, is_) X(lambda, lambda_) X(None, none_) X(nonlocal, nonlocal_) X(not, not_) X(or, or_) \
    X(pass, pass_) X(raise, raise_) X(return, return_) X(True, true_) X(try, try_) \
    X(while, while_) X(with, with_) X(yield, yield_)
// clang-format on

enum class Tok : std::uint8_t {
    stop, // something that is not known for certain: all ends here
    end,  // of the text
    newline,
    name,
    string, // its prefix only; the parser reads on
    integer,
    floating,
    open, // ( [ {
    close,
    comma,
    colon,
    semicolon,
    dot,
    ellipsis,
    at,
    equals,
    arrow,
    walrus,
    star,
    star_star,
    binary,  // another operator between two values: + - / // % << >> & ^ | ~ (and @ * **)
    compare, // < > == >= <= <> !=
    augmented,
    bang,
#define X(word, token) token,
    STANCH_PYTHON_KEYWORDS(X)
#undef X
};

struct Token {
    Tok kind = Tok::stop;
    char first = 0; // its first byte
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

class Tokens {
  public:
    Tokens(std::string_view text, std::vector<Extra>& extras) : text_(text), extras_(extras) {}

    [[nodiscard]] const Token& now() const { return now_; }
    [[nodiscard]] std::string_view text() const { return text_; }
    // Reads the next one. Inside of brackets lines have no ends.
    void advance();
    // Goes on at a byte, behind a string or inside of one.
    void jump(std::size_t at) { at_ = at; }
    [[nodiscard]] std::size_t at() const { return at_; }
    void stop();
    [[nodiscard]] bool stopped() const { return stopped_; }
    // The first byte behind the current token that is no blank; 0 at the end of a line.
    [[nodiscard]] char peek() const;
    int brackets = 0;
    std::size_t column = 0; // of the block that is open

    // Behind a newline: the column of the next line that says something, and the comments on the
    // way there. Nothing is read or recorded.
    struct Line {
        std::size_t begin = 0; // its first byte that is no blank
        std::size_t column = 0;
        bool end_of_text = false;
        std::vector<std::pair<Extra, std::size_t>> comments; // with their columns
    };
    const Line& next_line();

  private:
    void skip_blanks();
    void read_name();
    void read_number();
    void read_operator();
    void take(Tok kind, std::size_t size);

    std::string_view text_;
    std::vector<Extra>& extras_;
    std::vector<Extra> continued_; // seen before the current token
    std::size_t at_ = 0;
    Token now_;
    Line line_;
    bool stopped_ = false;
    bool new_line_ = false;       // between the last token and this one, within brackets
    std::size_t line_column_ = 0; // then: of this one
};

} // namespace stanch::syntax
