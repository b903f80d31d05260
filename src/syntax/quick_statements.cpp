// Lines, blocks, and statements that have one.
#include "syntax/quick_parser.h"

#include <algorithm>

namespace stanch::syntax {

QuickParser::Id QuickParser::leaf(Kind kind, std::uint32_t begin, std::uint32_t end) {
    out_.nodes.push_back({.begin = begin, .end = end, .kind = kind});
    return static_cast<Id>(out_.nodes.size() - 1);
}

QuickParser::Id QuickParser::take_leaf(Kind kind) {
    const Id made = leaf(kind, now().begin, now().end);
    step();
    return made;
}

QuickParser::Id QuickParser::wrap(Kind kind, std::uint32_t begin, std::uint32_t end,
                                  List children) {
    out_.nodes.push_back({.begin = begin, .end = end, .first = children.first, .kind = kind});
    return static_cast<Id>(out_.nodes.size() - 1);
}

void QuickParser::add(List& list, Id node, Field field) {
    at(node).field = field;
    at(node).next = 0;
    (list.last == 0 ? list.first : at(list.last).next) = node;
    list.last = node;
}

void QuickParser::step() {
    last_end_ = now().end;
    tokens_.advance();
}

void QuickParser::expect(Tok kind) {
    if (!is(kind)) return stop();
    step();
}

void QuickParser::open() {
    ++tokens_.brackets;
    step();
}

void QuickParser::close(char bracket) {
    if (!is_close(bracket)) return stop();
    --tokens_.brackets;
    step();
}

bool QuickParser::run() {
    const auto size = static_cast<std::uint32_t>(tokens_.text().size());
    List statements;
    const Tokens::Line& line = tokens_.next_line();
    for (const auto& [comment, column] : line.comments)
        out_.extras.push_back(comment);
    if (!line.end_of_text) {
        if (line.column != 0) return false;
        tokens_.jump(line.begin);
        std::uint32_t end = 0;
        block_lines(statements, 0, end, true);
    }
    out_.root = wrap(Kind::module, 0, size, statements);
    return !stopped();
}

// Statements of one column. A comment belongs to the innermost block that is not to the right of
// it, or to what follows it.
void QuickParser::block_lines(List& statements, std::size_t column, std::uint32_t& end,
                              bool module) {
    while (!stopped()) {
        tokens_.advance();
        statement(statements);
        if (stopped()) return;
        end = std::max(end, last_end_);
        const Tokens::Line& line = tokens_.next_line();
        const bool ends = module ? line.end_of_text : line.end_of_text || line.column < column;
        for (const auto& [comment, at] : line.comments) {
            if (ends && !module && at < column) return;
            out_.extras.push_back(comment);
            if (ends) {
                end = comment.end;
                tokens_.jump(comment.end);
            }
        }
        if (ends) return;
        if (line.column != column) return stop();
        tokens_.jump(line.begin);
    }
}

bool QuickParser::clause_follows(Tok word) {
    const std::string_view name = word == Tok::else_     ? "else"
                                  : word == Tok::elif_   ? "elif"
                                  : word == Tok::except_ ? "except"
                                                         : "finally";
    if (stopped()) return false;
    const Tokens::Line& line = tokens_.next_line();
    if (line.end_of_text || line.column != tokens_.column) return false;
    const std::string_view rest = tokens_.text().substr(line.begin);
    if (!rest.starts_with(name)) return false;
    const char behind = rest.size() > name.size() ? rest[name.size()] : '\0';
    if (behind != ' ' && behind != ':' && behind != '\t' && behind != '(') return false;
    for (const auto& [comment, at] : line.comments)
        out_.extras.push_back(comment);
    tokens_.jump(line.begin);
    tokens_.advance();
    return true;
}

void QuickParser::statement(List& out) {
    const Deeper deeper(*this);
    const std::uint32_t begin = now().begin;
    bool asynchronous = false;
    if (is(Tok::async_)) {
        asynchronous = true;
        step();
        if (!is(Tok::def_) && !is(Tok::for_) && !is(Tok::with_)) return stop();
    }
    Id made = 0;
    switch (now().kind) {
    case Tok::if_:
        made = if_statement();
        break;
    case Tok::for_:
        made = for_statement(begin);
        break;
    case Tok::while_:
        made = while_statement();
        break;
    case Tok::try_:
        made = try_statement();
        break;
    case Tok::with_:
        made = with_statement(begin);
        break;
    case Tok::def_:
        made = function(begin);
        break;
    case Tok::class_:
        made = class_definition();
        break;
    case Tok::at:
        made = decorated();
        break;
    default:
        if (asynchronous) return stop();
        return simple_line(out);
    }
    if (stopped()) return;
    add(out, made);
    last_end_ = at(made).end;
}

// Leaves last_end_ behind everything on the line.
void QuickParser::simple_line(List& out) {
    do {
        add(out, simple_statement());
        if (!is(Tok::semicolon)) break;
        step();
    } while (!is(Tok::newline) && !is(Tok::end) && !stopped());
    if (!is(Tok::newline) && !is(Tok::end)) return stop();
    if (!out_.extras.empty() && out_.extras.back().begin >= last_end_)
        last_end_ = out_.extras.back().end;
}

QuickParser::Id QuickParser::suite() {
    if (!is(Tok::colon)) return stop(), 0;
    step();
    List statements;
    std::uint32_t end = 0;
    if (!is(Tok::newline)) {
        const std::uint32_t begin = now().begin;
        if (is(Tok::end)) stop();
        simple_line(statements);
        return wrap(Kind::block, begin, last_end_, statements);
    }
    const Tokens::Line& line = tokens_.next_line();
    if (line.end_of_text || line.column <= tokens_.column || line.column > 200) return stop(), 0;
    for (const auto& [comment, at] : line.comments)
        out_.extras.push_back(comment);
    const auto begin = static_cast<std::uint32_t>(line.begin);
    const std::size_t outer = tokens_.column;
    tokens_.column = line.column;
    tokens_.jump(line.begin);
    block_lines(statements, tokens_.column, end, false);
    tokens_.column = outer;
    return wrap(Kind::block, begin, end, statements);
}

// WORD [CONDITION] SUITE: elif, else, finally.
QuickParser::Id QuickParser::clause(Kind kind, bool condition, Field body) {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    if (condition) add(parts, expression(), Field::condition);
    const Id block = suite();
    add(parts, block, body);
    return wrap(kind, begin, at(block).end, parts);
}

QuickParser::Id QuickParser::if_statement() {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    add(parts, expression(), Field::condition);
    add(parts, suite(), Field::consequence);
    while (clause_follows(Tok::elif_))
        add(parts, clause(Kind::other, true, Field::consequence), Field::alternative);
    if (clause_follows(Tok::else_))
        add(parts, clause(Kind::other, false, Field::body), Field::alternative);
    return wrap(Kind::if_statement, begin, at(parts.last).end, parts);
}

QuickParser::Id QuickParser::for_statement(std::uint32_t begin) {
    step();
    List parts;
    add(parts, target_list(Tok::in_), Field::left);
    expect(Tok::in_);
    add(parts, expressions(), Field::right);
    add(parts, suite(), Field::body);
    if (clause_follows(Tok::else_))
        add(parts, clause(Kind::other, false, Field::body), Field::alternative);
    return wrap(Kind::for_statement, begin, at(parts.last).end, parts);
}

QuickParser::Id QuickParser::while_statement() {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    add(parts, expression(), Field::condition);
    add(parts, suite(), Field::body);
    if (clause_follows(Tok::else_))
        add(parts, clause(Kind::other, false, Field::body), Field::alternative);
    return wrap(Kind::other, begin, at(parts.last).end, parts);
}

QuickParser::Id QuickParser::try_statement() {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    add(parts, suite(), Field::body);
    const Id body = parts.last;
    while (clause_follows(Tok::except_))
        add(parts, except_clause());
    if (parts.last != body && clause_follows(Tok::else_))
        add(parts, clause(Kind::other, false, Field::body));
    if (clause_follows(Tok::finally_)) add(parts, clause(Kind::other, false, Field::none));
    if (parts.last == body) stop();
    return wrap(Kind::try_statement, begin, at(parts.last).end, parts);
}

QuickParser::Id QuickParser::except_clause() {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    if (!is(Tok::colon)) add(parts, with_alias(expression()), Field::value);
    const Id block = suite();
    add(parts, block);
    return wrap(Kind::other, begin, at(block).end, parts);
}

QuickParser::Id QuickParser::with_item(Id value) {
    List parts;
    const Draft span = at(value);
    add(parts, value, Field::value);
    return wrap(Kind::with_item, span.begin, span.end, parts);
}

QuickParser::Id QuickParser::with_statement(std::uint32_t begin) {
    step();
    const std::uint32_t clause_begin = now().begin;
    List items;
    aliases_ = is_open('(');
    const bool bracket = aliases_;
    const Id first = expression();
    aliases_ = false;
    const bool several =
        at(first).kind == Kind::tuple && at(first).first != 0 && at(at(first).first).next != 0;
    if (bracket && several && at(first).begin == clause_begin && is(Tok::colon)) {
        // with (a as b, c):
        for (Id item = at(first).first; item != 0;) {
            const Id next = at(item).next;
            if (at(item).kind == Kind::list_splat) stop();
            add(items, with_item(item));
            item = next;
        }
        if (items.first == 0) stop();
    } else {
        if (bracket && (is(Tok::comma) || is(Tok::as_)))
            for (Id item = at(first).first; item != 0; item = at(item).next)
                if (at(item).kind == Kind::as_pattern) stop();
        if (bracket && !is(Tok::colon) && at(first).kind != Kind::call &&
            at(first).kind != Kind::attribute)
            stop();
        add(items, with_item(with_alias(first)));
        while (is(Tok::comma)) {
            step();
            add(items, with_item(with_alias(expression())));
        }
    }
    List parts;
    add(parts, wrap(Kind::with_clause, clause_begin, last_end_, items));
    const Id block = suite();
    add(parts, block, Field::body);
    return wrap(Kind::with_statement, begin, at(block).end, parts);
}

QuickParser::Id QuickParser::function(std::uint32_t begin) {
    step();
    List parts;
    if (!is(Tok::name)) stop();
    add(parts, take_leaf(Kind::identifier), Field::name);
    if (!is_open('(')) stop();
    add(parts, parameters(false), Field::parameters);
    if (is(Tok::arrow)) {
        step();
        add(parts, type(), Field::return_type);
    }
    const Id block = suite();
    add(parts, block, Field::body);
    return wrap(Kind::function_definition, begin, at(block).end, parts);
}

QuickParser::Id QuickParser::class_definition() {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    if (!is(Tok::name)) stop();
    add(parts, take_leaf(Kind::identifier), Field::name);
    if (is_open('(')) {
        const Id bases = arguments();
        if (at(bases).kind != Kind::argument_list) stop();
        add(parts, bases, Field::superclasses);
    }
    const Id block = suite();
    add(parts, block, Field::body);
    return wrap(Kind::class_definition, begin, at(block).end, parts);
}

QuickParser::Id QuickParser::decorated() {
    const std::uint32_t begin = now().begin;
    List parts;
    while (is(Tok::at)) {
        const std::uint32_t own = now().begin;
        step();
        List inner;
        add(inner, expression());
        if (!is(Tok::newline)) return stop(), 0;
        // The end of the line is its end, behind a comment.
        std::uint32_t end = last_end_;
        if (!out_.extras.empty() && out_.extras.back().begin >= end) end = out_.extras.back().end;
        add(parts, wrap(Kind::decorator, own, end, inner));
        const Tokens::Line& line = tokens_.next_line();
        if (line.end_of_text || line.column != tokens_.column) return stop(), 0;
        for (const auto& [comment, at] : line.comments)
            out_.extras.push_back(comment);
        tokens_.jump(line.begin);
        tokens_.advance();
    }
    const std::uint32_t definition_begin = now().begin;
    Id definition = 0;
    if (is(Tok::class_)) {
        definition = class_definition();
    } else {
        if (is(Tok::async_)) step();
        if (!is(Tok::def_)) return stop(), 0;
        definition = function(definition_begin);
    }
    add(parts, definition, Field::definition);
    return wrap(Kind::decorated_definition, begin, at(definition).end, parts);
}

} // namespace stanch::syntax
