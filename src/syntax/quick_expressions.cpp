// Expressions, by descent through their precedences.
#include "syntax/quick_parser.h"

namespace stanch::syntax {

QuickParser::Id QuickParser::expressions() {
    const std::uint32_t begin = now().begin;
    const Id first = starred_or_expression();
    if (!is(Tok::comma)) {
        if (at(first).kind == Kind::list_splat) stop();
        return first;
    }
    List items;
    add(items, first);
    while (is(Tok::comma)) {
        step();
        if (is(Tok::newline) || is(Tok::end) || is(Tok::colon) || is(Tok::close) ||
            is(Tok::equals) || is(Tok::semicolon))
            break;
        add(items, starred_or_expression());
    }
    return wrap(Kind::expression_list, begin, last_end_, items);
}

QuickParser::Id QuickParser::starred_or_expression() {
    if (!is(Tok::star)) return expression();
    const Id value = starred();
    // Without parentheses around it the grammar may take *a.b for (*a).b.
    if (at(at(value).first).kind != Kind::identifier) stop();
    return value;
}

QuickParser::Id QuickParser::starred() {
    const std::uint32_t begin = now().begin;
    step();
    List child;
    add(child, expression());
    if (print_ && at(child.first).kind != Kind::identifier) stop();
    return wrap(Kind::list_splat, begin, last_end_, child);
}

QuickParser::Id QuickParser::doubly_starred() {
    const std::uint32_t begin = now().begin;
    step();
    List child;
    add(child, expression());
    return wrap(Kind::dictionary_splat, begin, last_end_, child);
}

QuickParser::Id QuickParser::expression(Within within) {
    const Deeper deeper(*this);
    if (is(Tok::lambda_)) return within == Within::anything ? lambda() : (stop(), 0);
    const std::uint32_t begin = now().begin;
    const bool named = is(Tok::name) && tokens_.peek() == ':';
    Id value = disjunction();
    if (is(Tok::walrus) && named && at(value).kind == Kind::identifier &&
        within == Within::anything) {
        step();
        List parts;
        add(parts, value, Field::name);
        add(parts, is(Tok::lambda_) ? lambda() : disjunction(), Field::value);
        value = wrap(Kind::named_expression, begin, last_end_, parts);
    }
    if (!is(Tok::if_) || within == Within::comprehension) return value;
    step();
    List parts;
    add(parts, value);
    add(parts, disjunction());
    expect(Tok::else_);
    add(parts, expression());
    return wrap(Kind::conditional_expression, begin, last_end_, parts);
}

QuickParser::Id QuickParser::binary(Kind kind, Id left, Id sign, Id right) {
    List parts;
    const std::uint32_t begin = at(left).begin;
    add(parts, left, Field::left);
    add(parts, sign, Field::operator_);
    add(parts, right, Field::right);
    return wrap(kind, begin, last_end_, parts);
}

QuickParser::Id QuickParser::sign() {
    const Id made = leaf(Kind::operator_token, now().begin, now().end);
    step();
    return made;
}

QuickParser::Id QuickParser::disjunction() {
    Id left = conjunction();
    while (is(Tok::or_)) {
        const Id word = sign();
        left = binary(Kind::boolean_operator, left, word, conjunction());
    }
    return left;
}

QuickParser::Id QuickParser::conjunction() {
    Id left = inversion();
    while (is(Tok::and_)) {
        const Id word = sign();
        left = binary(Kind::boolean_operator, left, word, inversion());
    }
    return left;
}

QuickParser::Id QuickParser::inversion() {
    if (!is(Tok::not_)) return comparison();
    const Deeper deeper(*this);
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    add(parts, inversion(), Field::argument);
    return wrap(Kind::not_operator, begin, last_end_, parts);
}

QuickParser::Id QuickParser::comparison() {
    const std::uint32_t begin = now().begin;
    const Id left = operation(0);
    if (!is(Tok::compare) && !is(Tok::in_) && !is(Tok::not_) && !is(Tok::is_)) return left;
    List parts;
    add(parts, left);
    while (is(Tok::compare) || is(Tok::in_) || is(Tok::not_) || is(Tok::is_)) {
        const Tok word = now().kind;
        const Id relation = sign();
        if (word == Tok::not_ && !is(Tok::in_)) stop();
        if ((word == Tok::not_ && is(Tok::in_)) || (word == Tok::is_ && is(Tok::not_))) {
            at(relation).end = now().end;
            step();
        }
        add(parts, relation, Field::operators);
        add(parts, operation(0));
    }
    return wrap(Kind::comparison_operator, begin, last_end_, parts);
}

namespace {

// How tightly an operator between two values binds: |, ^, &, shifts, sums, products.
int level_of(const Token& token) {
    switch (token.kind) {
    case Tok::star:
    case Tok::at:
        return 5;
    case Tok::binary:
        switch (token.first) {
        case '|':
            return 0;
        case '^':
            return 1;
        case '&':
            return 2;
        case '<':
        case '>':
            return 3;
        case '+':
        case '-':
            return 4;
        case '/':
        case '%':
            return 5;
        default:
            return -1;
        }
    default:
        return -1;
    }
}

} // namespace

QuickParser::Id QuickParser::operation(int level) {
    Id left = unary();
    for (int own = level_of(now()); own >= level; own = level_of(now())) {
        const Deeper deeper(*this);
        const Id word = sign();
        left = binary(Kind::binary_operator, left, word, operation(own + 1));
    }
    return left;
}

QuickParser::Id QuickParser::unary() {
    const std::uint32_t begin = now().begin;
    const bool prefix =
        is(Tok::binary) && (now().first == '-' || now().first == '+' || now().first == '~');
    if (prefix) {
        const Deeper deeper(*this);
        List parts;
        add(parts, sign(), Field::operator_);
        add(parts, unary(), Field::argument);
        return wrap(Kind::unary_operator, begin, last_end_, parts);
    }
    if (is(Tok::await_)) {
        const Deeper deeper(*this);
        step();
        List parts;
        add(parts, power());
        return wrap(Kind::await, begin, last_end_, parts);
    }
    return power();
}

QuickParser::Id QuickParser::power() {
    const Id base = primary();
    if (!is(Tok::star_star)) return base;
    const Deeper deeper(*this);
    const Id word = sign();
    return binary(Kind::binary_operator, base, word, unary());
}

QuickParser::Id QuickParser::primary() {
    return postfix(atom());
}

QuickParser::Id QuickParser::postfix(Id value) {
    for (;;) {
        const std::uint32_t begin = at(value).begin;
        List parts;
        if (is(Tok::dot)) {
            step();
            if (!is(Tok::name)) stop();
            add(parts, value, Field::object);
            add(parts, take_leaf(Kind::identifier), Field::attribute);
            value = wrap(Kind::attribute, begin, last_end_, parts);
        } else if (is_open('(')) {
            add(parts, value, Field::function);
            add(parts, arguments(), Field::arguments);
            value = wrap(Kind::call, begin, last_end_, parts);
        } else if (is_open('[')) {
            value = subscript(value);
        } else {
            return value;
        }
    }
}

QuickParser::Id QuickParser::atom() {
    switch (now().kind) {
    case Tok::name:
        return take_leaf(Kind::identifier);
    case Tok::string:
        return strings();
    case Tok::integer:
        return take_leaf(Kind::integer);
    case Tok::none_:
        return take_leaf(Kind::none);
    case Tok::floating:
    case Tok::true_:
    case Tok::false_:
    case Tok::ellipsis:
        return take_leaf(Kind::other);
    case Tok::open:
        return now().first == '('   ? parenthesized()
               : now().first == '[' ? list_display()
                                    : brace_display();
    default:
        stop();
        return 0;
    }
}

QuickParser::Id QuickParser::lambda() {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    if (!is(Tok::colon)) add(parts, parameters(true), Field::parameters);
    expect(Tok::colon);
    add(parts, expression(), Field::body);
    return wrap(Kind::lambda, begin, last_end_, parts);
}

QuickParser::Id QuickParser::yield() {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    if (is(Tok::from_)) {
        step();
        add(parts, expression());
    } else if (!is(Tok::newline) && !is(Tok::end) && !is(Tok::close) && !is(Tok::semicolon)) {
        add(parts, expressions());
    }
    return wrap(Kind::yield, begin, last_end_, parts);
}

QuickParser::Id QuickParser::arguments() {
    const Deeper deeper(*this);
    const std::uint32_t begin = now().begin;
    open();
    List items;
    while (!is(Tok::close) && !stopped()) {
        add(items, argument());
        if ((is(Tok::for_) || is(Tok::async_)) && at(items.last).kind != Kind::keyword_argument &&
            at(items.last).kind != Kind::list_splat &&
            at(items.last).kind != Kind::dictionary_splat && items.first == items.last) {
            at(items.first).field = Field::body;
            comprehension(items);
            close(')');
            return wrap(Kind::generator_expression, begin, last_end_, items);
        }
        if (!is(Tok::comma)) break;
        step();
    }
    close(')');
    return wrap(Kind::argument_list, begin, last_end_, items);
}

QuickParser::Id QuickParser::argument() {
    if (is(Tok::star)) return starred();
    if (is(Tok::star_star)) return doubly_starred();
    const std::uint32_t begin = now().begin;
    const bool name = is(Tok::name);
    const Id value = expression();
    if (!is(Tok::equals)) return value;
    if (!name || at(value).kind != Kind::identifier) stop();
    step();
    List parts;
    add(parts, value, Field::name);
    add(parts, expression(), Field::value);
    return wrap(Kind::keyword_argument, begin, last_end_, parts);
}

QuickParser::Id QuickParser::subscript(Id value) {
    const Deeper deeper(*this);
    const std::uint32_t begin = at(value).begin;
    open();
    List parts;
    add(parts, value, Field::value);
    if (is(Tok::close)) stop();
    while (!is(Tok::close) && !stopped()) {
        add(parts, slice_or_expression(), Field::subscript);
        if (!is(Tok::comma)) break;
        step();
    }
    close(']');
    return wrap(Kind::subscript, begin, last_end_, parts);
}

QuickParser::Id QuickParser::slice_or_expression() {
    const std::uint32_t begin = now().begin;
    List parts;
    if (!is(Tok::colon)) {
        const Id only = expression();
        if (!is(Tok::colon)) return only;
        add(parts, only);
    }
    for (int colons = 0; is(Tok::colon) && colons < 2; ++colons) {
        step();
        if (!is(Tok::colon) && !is(Tok::comma) && !is(Tok::close)) add(parts, expression());
    }
    return wrap(Kind::other, begin, last_end_, parts);
}

QuickParser::Id QuickParser::with_alias(Id value) {
    if (!is(Tok::as_)) return value;
    if (at(value).kind == Kind::named_expression || at(value).kind == Kind::lambda) stop();
    const std::uint32_t begin = at(value).begin;
    step();
    const std::uint32_t target_begin = now().begin;
    List inner;
    add(inner, primary());
    List parts;
    add(parts, value);
    add(parts, wrap(Kind::as_pattern_target, target_begin, last_end_, inner), Field::alias);
    return wrap(Kind::as_pattern, begin, last_end_, parts);
}

} // namespace stanch::syntax
