// Parentheses, lists, dictionaries, sets, and comprehensions of all of them.
#include "syntax/quick_parser.h"

namespace stanch::syntax {

QuickParser::Id QuickParser::parenthesized() {
    const Deeper deeper(*this);
    const std::uint32_t begin = now().begin;
    const bool aliases = aliases_;
    aliases_ = false;
    open();
    List items;
    if (is(Tok::close)) {
        close(')');
        return wrap(Kind::tuple, begin, last_end_, items);
    }
    if (is(Tok::yield_)) {
        add(items, yield());
        close(')');
        return wrap(Kind::parenthesized_expression, begin, last_end_, items);
    }
    const Id first = is(Tok::star) ? starred() : expression();
    add(items, aliases ? with_alias(first) : first);
    const bool splat = at(first).kind == Kind::list_splat;
    if ((is(Tok::for_) || is(Tok::async_)) && !splat) {
        at(first).field = Field::body;
        comprehension(items);
        close(')');
        return wrap(Kind::generator_expression, begin, last_end_, items);
    }
    if (!is(Tok::comma)) {
        if (splat) stop();
        close(')');
        return wrap(Kind::parenthesized_expression, begin, last_end_, items);
    }
    while (is(Tok::comma)) {
        step();
        if (is(Tok::close)) break;
        const Id item = is(Tok::star) ? starred() : expression();
        add(items, aliases ? with_alias(item) : item);
    }
    close(')');
    return wrap(Kind::tuple, begin, last_end_, items);
}

QuickParser::Id QuickParser::list_display() {
    const Deeper deeper(*this);
    const std::uint32_t begin = now().begin;
    open();
    List items;
    while (!is(Tok::close) && !stopped()) {
        const Id item = starred_or_expression();
        add(items, item);
        if ((is(Tok::for_) || is(Tok::async_)) && items.first == item &&
            at(item).kind != Kind::list_splat) {
            at(item).field = Field::body;
            comprehension(items);
            close(']');
            return wrap(Kind::list_comprehension, begin, last_end_, items);
        }
        if (!is(Tok::comma)) break;
        step();
    }
    close(']');
    return wrap(Kind::list, begin, last_end_, items);
}

// A dictionary, a set, or a comprehension of either.
QuickParser::Id QuickParser::brace_display() {
    const Deeper deeper(*this);
    const std::uint32_t begin = now().begin;
    open();
    List items;
    bool pairs = false;
    bool values = false;
    while (!is(Tok::close) && !stopped()) {
        Id item = 0;
        if (is(Tok::star_star)) {
            item = doubly_starred();
            pairs = true;
        } else {
            const std::uint32_t item_begin = now().begin;
            item = starred_or_expression();
            if (is(Tok::colon) && at(item).kind != Kind::list_splat) {
                step();
                List pair;
                add(pair, item, Field::key);
                add(pair, expression(), Field::value);
                item = wrap(Kind::pair, item_begin, last_end_, pair);
                pairs = true;
            } else {
                values = true;
            }
        }
        add(items, item);
        if ((is(Tok::for_) || is(Tok::async_)) && items.first == item &&
            at(item).kind != Kind::list_splat && at(item).kind != Kind::dictionary_splat) {
            at(item).field = Field::body;
            comprehension(items);
            close('}');
            return wrap(pairs ? Kind::dictionary_comprehension : Kind::set_comprehension, begin,
                        last_end_, items);
        }
        if (!is(Tok::comma)) break;
        step();
    }
    if (pairs && values) stop();
    close('}');
    return wrap(values ? Kind::set : Kind::dictionary, begin, last_end_, items);
}

void QuickParser::comprehension(List& children) {
    while (is(Tok::for_) || is(Tok::if_) || is(Tok::async_)) {
        const std::uint32_t begin = now().begin;
        List parts;
        if (is(Tok::if_)) {
            step();
            add(parts, expression(Within::comprehension));
            add(children, wrap(Kind::other, begin, last_end_, parts));
            continue;
        }
        if (is(Tok::async_)) step();
        expect(Tok::for_);
        add(parts, target_list(Tok::in_), Field::left);
        expect(Tok::in_);
        add(parts, expression(Within::comprehension), Field::right);
        if (is(Tok::comma)) stop();
        add(children, wrap(Kind::for_in_clause, begin, last_end_, parts));
    }
}

} // namespace stanch::syntax
