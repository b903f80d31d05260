// Statements of one line, targets, parameters and types.
#include "syntax/quick_parser.h"

namespace stanch::syntax {

QuickParser::Id QuickParser::simple_statement() {
    switch (now().kind) {
    case Tok::pass_:
    case Tok::break_:
    case Tok::continue_:
        return take_leaf(Kind::other);
    case Tok::return_:
        return other_statement(Kind::return_statement);
    case Tok::del_:
        return other_statement(Kind::delete_statement);
    case Tok::raise_:
        return other_statement(Kind::raise_statement);
    case Tok::assert_:
        return other_statement(Kind::assert_statement);
    case Tok::global_:
    case Tok::nonlocal_:
        return words_statement();
    case Tok::import_:
        return import_statement();
    case Tok::from_:
        return import_from();
    default:
        return expression_statement();
    }
}

QuickParser::Id QuickParser::other_statement(Kind kind) {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    const bool bare = is(Tok::newline) || is(Tok::end) || is(Tok::semicolon);
    if (bare && (kind == Kind::delete_statement || kind == Kind::assert_statement)) stop();
    if (!bare && kind == Kind::assert_statement) {
        add(parts, expression());
        if (is(Tok::comma)) {
            step();
            add(parts, expression());
        }
    } else if (!bare) {
        add(parts, expressions());
        if (kind == Kind::raise_statement && is(Tok::from_)) {
            step();
            add(parts, expression());
        }
    }
    return wrap(kind, begin, last_end_, parts);
}

QuickParser::Id QuickParser::words_statement() {
    const Kind kind = is(Tok::global_) ? Kind::global_statement : Kind::nonlocal_statement;
    const std::uint32_t begin = now().begin;
    List names;
    do {
        step();
        if (!is(Tok::name)) stop();
        add(names, take_leaf(Kind::identifier));
    } while (is(Tok::comma));
    return wrap(kind, begin, last_end_, names);
}

QuickParser::Id QuickParser::dotted_name() {
    const std::uint32_t begin = now().begin;
    List parts;
    for (;;) {
        if (!is(Tok::name)) stop();
        add(parts, take_leaf(Kind::identifier));
        if (!is(Tok::dot)) break;
        step();
    }
    return wrap(Kind::dotted_name, begin, last_end_, parts);
}

QuickParser::Id QuickParser::imported_name() {
    const std::uint32_t begin = now().begin;
    const Id name = dotted_name();
    if (!is(Tok::as_)) return name;
    step();
    if (!is(Tok::name)) stop();
    List parts;
    add(parts, name, Field::name);
    add(parts, take_leaf(Kind::identifier), Field::alias);
    return wrap(Kind::aliased_import, begin, last_end_, parts);
}

QuickParser::Id QuickParser::import_statement() {
    const std::uint32_t begin = now().begin;
    List names;
    do {
        step();
        add(names, imported_name(), Field::name);
    } while (is(Tok::comma));
    return wrap(Kind::import_statement, begin, last_end_, names);
}

QuickParser::Id QuickParser::import_from() {
    const std::uint32_t begin = now().begin;
    step();
    List parts;
    bool future = false;
    if (is(Tok::dot) || is(Tok::ellipsis)) {
        const std::uint32_t dots = now().begin;
        while (is(Tok::dot) || is(Tok::ellipsis)) {
            if (last_end_ != now().begin && now().begin != dots) stop();
            step();
        }
        List relative;
        add(relative, leaf(Kind::import_prefix, dots, last_end_));
        if (is(Tok::name)) add(relative, dotted_name());
        add(parts, wrap(Kind::relative_import, dots, last_end_, relative), Field::module_name);
    } else {
        future = word() == "__future__";
        const Id module = dotted_name();
        if (!future) add(parts, module, Field::module_name);
        if (future && at(module).end - at(module).begin != 10) stop();
    }
    expect(Tok::import_);
    if (is(Tok::star)) {
        if (future) stop();
        add(parts, take_leaf(Kind::wildcard_import));
        return wrap(Kind::import_from_statement, begin, last_end_, parts);
    }
    const bool bracket = is_open('(');
    if (bracket) open();
    for (;;) {
        add(parts, imported_name(), Field::name);
        if (!is(Tok::comma)) break;
        step();
        if (bracket && is(Tok::close)) break;
    }
    if (bracket) close(')');
    return wrap(future ? Kind::future_import_statement : Kind::import_from_statement, begin,
                last_end_, parts);
}

// Words that begin a statement of their own, unless what follows says that they are names.
namespace {
bool ambiguous(std::string_view word, char next) {
    if (word == "print" || word == "exec") return next != '(' && next != '.' && next != '=';
    if (word == "match") return next != '.' && next != '=';
    if (word == "type") return next != '=' && next != ':' && next != ',';
    return false;
}
} // namespace

QuickParser::Id QuickParser::expression_statement() {
    const std::uint32_t begin = now().begin;
    if (is(Tok::name) && now().end - now().begin <= 5 && ambiguous(word(), tokens_.peek()))
        return stop(), 0;
    print_ = is(Tok::name) && (word() == "print" || word() == "exec");
    List parts;
    if (is(Tok::yield_)) {
        add(parts, yield());
        return wrap(Kind::expression_statement, begin, last_end_, parts);
    }
    Id value = starred_or_expression();
    add(parts, value);
    bool listed = false;
    while (is(Tok::comma)) {
        listed = true;
        step();
        // Behind "a," the grammar may go on with the next line's targets.
        if (is(Tok::newline) || is(Tok::end) || is(Tok::semicolon)) return stop(), 0;
        if (is(Tok::equals)) break;
        add(parts, starred_or_expression());
    }
    if (is(Tok::equals) || (!listed && (is(Tok::augmented) || is(Tok::colon)))) {
        if (listed) value = wrap(Kind::expression_list, begin, last_end_, parts);
        parts = {};
        add(parts, assignment(value, begin));
    } else {
        for (Id each = parts.first; each != 0; each = at(each).next)
            if (at(each).kind == Kind::list_splat) stop();
    }
    print_ = false;
    return wrap(Kind::expression_statement, begin, last_end_, parts);
}

QuickParser::Id QuickParser::assignment(Id left, std::uint32_t begin) {
    const Deeper deeper(*this);
    const bool simple = at(left).kind == Kind::identifier || at(left).kind == Kind::attribute ||
                        at(left).kind == Kind::subscript;
    List parts;
    if (!as_pattern(left, false)) return stop(), 0;
    add(parts, left, Field::left);
    if (is(Tok::augmented)) {
        if (!simple) stop();
        add(parts, sign(), Field::operator_);
        add(parts, right_side(), Field::right);
        return wrap(Kind::augmented_assignment, begin, last_end_, parts);
    }
    if (is(Tok::colon)) {
        if (!simple) stop();
        step();
        add(parts, type(), Field::type);
    }
    if (is(Tok::equals)) {
        step();
        add(parts, right_side(), Field::right);
    }
    return wrap(Kind::assignment, begin, last_end_, parts);
}

QuickParser::Id QuickParser::right_side() {
    if (is(Tok::yield_)) return yield();
    const std::uint32_t begin = now().begin;
    Id value = 0;
    if (is(Tok::star)) {
        value = starred_or_expression();
        if (!is(Tok::comma)) stop();
        List items;
        add(items, value);
        while (is(Tok::comma)) {
            step();
            if (is(Tok::newline) || is(Tok::end) || is(Tok::semicolon)) break;
            add(items, starred_or_expression());
        }
        value = wrap(Kind::expression_list, begin, last_end_, items);
    } else {
        value = expressions();
    }
    if (is(Tok::augmented)) stop();
    return is(Tok::equals) ? assignment(value, begin) : value;
}

bool QuickParser::as_pattern(Id node, bool in_list) {
    switch (at(node).kind) {
    case Kind::identifier:
    case Kind::attribute:
    case Kind::subscript:
        return true;
    case Kind::expression_list:
        at(node).kind = Kind::pattern_list;
        break;
    case Kind::tuple:
    case Kind::parenthesized_expression:
        at(node).kind = Kind::tuple_pattern;
        break;
    case Kind::list:
        at(node).kind = Kind::list_pattern;
        break;
    case Kind::list_splat:
        if (!in_list) return false;
        at(node).kind = Kind::list_splat_pattern;
        in_list = false;
        break;
    default:
        return false;
    }
    if (at(node).first == 0) return false;
    const bool list = at(node).kind != Kind::list_splat_pattern;
    for (Id part = at(node).first; part != 0; part = at(part).next)
        if (!as_pattern(part, list)) return false;
    return true;
}

QuickParser::Id QuickParser::target() {
    const Id value = is(Tok::star) ? starred() : primary();
    if (stopped() || !as_pattern(value, true)) stop();
    return value;
}

// Up to the word that ends it.
QuickParser::Id QuickParser::target_list(Tok until) {
    const std::uint32_t begin = now().begin;
    const Id first = target();
    if (!is(Tok::comma)) {
        if (at(first).kind == Kind::list_splat_pattern) stop();
        return first;
    }
    List targets;
    add(targets, first);
    while (is(Tok::comma)) {
        step();
        if (is(until)) break;
        add(targets, target());
    }
    return wrap(Kind::pattern_list, begin, last_end_, targets);
}

QuickParser::Id QuickParser::parameters(bool lambda) {
    const std::uint32_t begin = now().begin;
    if (!lambda) open();
    List list;
    while (!is(lambda ? Tok::colon : Tok::close) && !stopped()) {
        add(list, parameter(lambda));
        if (!is(Tok::comma)) break;
        step();
    }
    if (!lambda) close(')');
    return wrap(lambda ? Kind::lambda_parameters : Kind::parameters, begin, last_end_, list);
}

QuickParser::Id QuickParser::parameter(bool lambda) {
    const std::uint32_t begin = now().begin;
    Id name = 0;
    bool splat = false;
    if (is(Tok::binary) && now().first == '/') return take_leaf(Kind::other);
    if (is(Tok::star) || is(Tok::star_star)) {
        const bool one = is(Tok::star);
        step();
        if (one && is(Tok::comma)) return leaf(Kind::other, begin, last_end_);
        if (!is(Tok::name)) stop();
        List inner;
        add(inner, take_leaf(Kind::identifier));
        name = wrap(one ? Kind::list_splat_pattern : Kind::dictionary_splat_pattern, begin,
                    last_end_, inner);
        splat = true;
    } else {
        if (!is(Tok::name)) stop();
        name = take_leaf(Kind::identifier);
    }
    List parts;
    Id annotation = 0;
    if (!lambda && is(Tok::colon)) {
        step();
        annotation = type();
    }
    if (is(Tok::equals)) {
        if (splat) stop();
        step();
        add(parts, name, Field::name);
        if (annotation != 0) add(parts, annotation, Field::type);
        add(parts, expression(), Field::value);
        return wrap(annotation != 0 ? Kind::typed_default_parameter : Kind::default_parameter,
                    begin, last_end_, parts);
    }
    if (annotation == 0) return name;
    add(parts, name);
    add(parts, annotation, Field::type);
    return wrap(Kind::typed_parameter, begin, last_end_, parts);
}

QuickParser::Id QuickParser::type() {
    const Deeper deeper(*this);
    const std::uint32_t begin = now().begin;
    const auto typed = [&](Id inner) {
        List one;
        const Draft span = at(inner);
        add(one, inner);
        return wrap(Kind::type, span.begin, span.end, one);
    };
    Id whole = type_part();
    // X[Y] | Z: of types; X | Y[Z] is an expression.
    while (is(Tok::binary) && now().first == '|' && !stopped()) {
        step();
        List sides;
        const Id left = typed(whole);
        add(sides, left);
        add(sides, typed(type_part()));
        whole = wrap(Kind::other, begin, last_end_, sides);
    }
    switch (now().kind) {
    case Tok::comma:
    case Tok::close:
    case Tok::equals:
    case Tok::colon:
    case Tok::newline:
    case Tok::end:
    case Tok::semicolon:
        break;
    default:
        stop();
    }
    return typed(whole);
}

QuickParser::Id QuickParser::type_part() {
    const bool generic = is(Tok::name) && tokens_.peek() == '[' && word() != "print" &&
                         word() != "exec" && word() != "match";
    if (!generic) return expression();
    const std::uint32_t begin = now().begin;
    List parts;
    add(parts, take_leaf(Kind::identifier));
    const std::uint32_t bracket = now().begin;
    open();
    List types;
    while (!is(Tok::close) && !stopped()) {
        add(types, type());
        if (is(Tok::colon) || is(Tok::equals)) stop();
        if (!is(Tok::comma)) break;
        step();
    }
    if (types.first == 0) stop();
    close(']');
    add(parts, wrap(Kind::other, bracket, last_end_, types));
    return wrap(Kind::other, begin, last_end_, parts);
}

} // namespace stanch::syntax
