// The parser's files share this: how nodes are made, and what calls what.
#pragma once

#include "syntax/quick_tokens.h"

namespace stanch::syntax {

class QuickParser {
  public:
    QuickParser(std::string_view text, Drafts& out) : out_(out), tokens_(text, out.extras) {
        out_.nodes.reserve(text.size() / 5 + 2);
        out_.nodes.emplace_back();
    }
    // Whether all of it was read.
    bool run();

  private:
    using Id = std::uint32_t;
    static constexpr int deepest = 150; // nested constructs
    struct List {
        Id first = 0;
        Id last = 0;
    };
    // What an expression may not be where it stands.
    enum class Within : std::uint8_t { anything, comprehension };

    // ---- Nodes
    Id leaf(Kind kind, std::uint32_t begin, std::uint32_t end);
    Id take_leaf(Kind kind); // of the current token
    Id wrap(Kind kind, std::uint32_t begin, std::uint32_t end, List children);
    void add(List& list, Id node, Field field = Field::none);
    Draft& at(Id id) { return out_.nodes[id]; }

    // ---- Tokens
    [[nodiscard]] const Token& now() const { return tokens_.now(); }
    [[nodiscard]] bool is(Tok kind) const { return now().kind == kind; }
    [[nodiscard]] bool is_open(char bracket) const {
        return is(Tok::open) && now().first == bracket;
    }
    [[nodiscard]] bool is_close(char bracket) const {
        return is(Tok::close) && now().first == bracket;
    }
    // Steps over a token and remembers where it ended.
    void step();
    void expect(Tok kind);
    void open();              // a bracket
    void close(char bracket); // it must be this one
    void stop() { tokens_.stop(); }
    [[nodiscard]] bool stopped() const { return tokens_.stopped(); }
    [[nodiscard]] std::string_view word() const {
        return tokens_.text().substr(now().begin, now().end - now().begin);
    }

    // ---- Statements (quick_statements.cpp; those of one line, types: quick_simple.cpp)
    void block_lines(List& statements, std::size_t column, std::uint32_t& end, bool module);
    void statement(List& out);
    void simple_line(List& out);
    Id simple_statement();
    Id expression_statement();
    Id assignment(Id left, std::uint32_t begin);
    Id right_side();
    Id target_list(Tok until);
    Id target();
    bool as_pattern(Id node, bool in_list); // turns an expression into a target
    Id suite();                             // with its colon: a block
    Id if_statement();
    Id clause(Kind kind, bool condition, Field body);
    Id for_statement(std::uint32_t begin);
    Id while_statement();
    Id try_statement();
    Id except_clause();
    Id with_statement(std::uint32_t begin);
    Id with_item(Id value);
    Id function(std::uint32_t begin);
    Id class_definition();
    Id decorated();
    Id parameters(bool lambda);
    Id parameter(bool lambda);
    Id type();
    Id type_part();
    Id import_statement();
    Id import_from();
    Id imported_name();
    Id dotted_name();
    Id words_statement(); // global, nonlocal
    Id other_statement(Kind kind);
    // The suite that belongs to a statement is behind its line: whether the next line, at the
    // statement's own column, begins with this word.
    bool clause_follows(Tok word);

    // ---- Expressions (quick_expressions.cpp)
    Id expressions();           // one, or an expression_list
    Id starred_or_expression(); // *a too
    Id expression(Within within = Within::anything);
    Id disjunction();
    Id conjunction();
    Id inversion();
    Id comparison();
    Id operation(int level); // bitwise and arithmetic
    Id unary();
    Id power();
    Id primary();
    Id postfix(Id value);
    Id atom();
    Id lambda();
    Id yield();
    Id arguments();
    Id argument();
    Id subscript(Id value);
    Id slice_or_expression();
    Id binary(Kind kind, Id left, Id sign, Id right);
    Id sign(); // an operator's node
    Id starred();
    Id doubly_starred();
    Id with_alias(Id value);

    // ---- Displays (quick_displays.cpp)
    Id parenthesized();
    Id list_display();
    Id brace_display();
    void comprehension(List& children);

    // ---- Strings (quick_strings.cpp)
    Id strings();
    Id string();
    Id interpolation();
    Id format_specifier();
    struct Quote;
    // The content up to the next interpolation or the end; 0 where there is none.
    Id content(const Quote& quote, bool& ended);
    std::size_t escape(std::size_t at, bool bytes) const;

    Drafts& out_;
    Tokens tokens_;
    std::uint32_t last_end_ = 0; // of the token stepped over last
    int depth_ = 0;
    bool aliases_ = false; // "as" may stand within these parentheses
    bool print_ = false;   // in a line that may be a print statement to the grammar

    class Deeper {
      public:
        explicit Deeper(QuickParser& parser) : parser_(parser) {
            if (++parser_.depth_ > deepest) parser_.stop();
        }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
        ~Deeper() { --parser_.depth_; }

      private:
        QuickParser& parser_;
    };
};

} // namespace stanch::syntax
