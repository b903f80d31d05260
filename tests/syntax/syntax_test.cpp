#include "syntax/syntax.h"

#include <doctest/doctest.h>

using namespace stanch;
using namespace stanch::syntax;

namespace {

Tree parsed(std::string_view text) {
    auto tree = Tree::python(text);
    REQUIRE(tree.has_value());
    return std::move(*tree);
}

std::string value_of(std::string_view text) {
    const Tree tree = parsed(text);
    return string_value(tree.root().first().first()).value_or("(none)");
}

} // namespace

TEST_CASE("a tree is flat, and its nodes know their place") {
    const std::string_view text = "\nx = f(1, key='v')\n";
    const Tree tree = parsed(text);
    CHECK(tree.root().text() == text);
    CHECK_FALSE(tree.broken());
    const Node call = tree.covering(5, 6).parent();
    CHECK(call.kind() == Kind::call);
    CHECK(call.child(Field::arguments).text() == "(1, key='v')");
    CHECK(call.parent().kind() == Kind::assignment);
    CHECK(tree.line(call.begin()) == 2);
    CHECK(argument(call.child(Field::arguments), "key").text() == "'v'");
    CHECK(argument(call.child(Field::arguments), "first", 0).text() == "1");
    CHECK_FALSE(argument(call.child(Field::arguments), "other"));
}

TEST_CASE("string literals mean what Python says") {
    CHECK(value_of("'a\\n\\x41\\u00e9\\101\\q'") == "a\nA\xc3\xa9"
                                                    "A\\q");
    CHECK(value_of("b'\\xff\\u0041'") == "\xff\\u0041");
    CHECK(value_of("r'\\n'") == "\\n");
    CHECK(value_of("('a' \"b\"  # why\n 'c')") == "abc");
    CHECK(value_of("f'{{}}'") == "{}");
    CHECK(value_of("f'{x}'") == "(none)");
    CHECK(value_of("'''a\nb'''") == "a\nb");
    CHECK(value_of("1") == "(none)");
    CHECK(value_of("''").empty());
}

TEST_CASE("strings know their quotes, prefix and role") {
    const Tree tree = parsed("'''doc'''\nx = rb\"y\"\nz = f'{a}b'\n");
    const auto found = strings(tree);
    REQUIRE(found.size() == 3);
    CHECK(found[0].docstring);
    CHECK(found[1].raw);
    CHECK(found[1].bytes);
    CHECK(tree.text().substr(found[1].content_begin, 1) == "y");
    CHECK(found[2].formatted);
}

TEST_CASE("calls and dotted names") {
    const Tree tree = parsed("os.environ.get('A')\nf()()\nx[0].y(1)\n");
    const auto found = calls(tree);
    REQUIRE(found.size() == 4);
    CHECK(found[0].name == "os.environ.get");
    CHECK(found[1].name.empty());
    CHECK(found[2].name == "f");
    CHECK(found[3].name.empty());
}

TEST_CASE("assignments: targets one by one, keywords, defaults, pairs") {
    const Tree tree = parsed(
        "a, self.b = 'x', 'y'\nf(key='k')\ndef g(p='q', r: int = 3): pass\nd = {'n': 'm'}\n");
    std::string seen;
    for (const Assignment& found : assignments(tree))
        seen += found.target + "=" + std::string(found.value.text()) + ";";
    CHECK(seen == "a='x';self.b='y';key='k';p='q';r=3;d={'n': 'm'};n='m';");
}

TEST_CASE("definitions are qualified and whole") {
    const Tree tree = parsed("V = 1\n@d\nclass C:\n    w = 2\n    @p\n    def m(self):\n        z "
                             "= 1\n        def i(): pass\n");
    std::string seen;
    for (const Definition& found : definitions(tree))
        seen += found.name + ";";
    CHECK(seen == "V;C;C.w;C.m;C.m.i;");
    CHECK(definitions(tree)[1].node.text().starts_with("@d"));
}

TEST_CASE("imports, in every form") {
    const Tree tree =
        parsed("import a.b, c as d\nfrom ..e import f as g, h\nfrom i import *\nfrom . import j\n");
    std::string seen;
    for (const Import& found : imports(tree))
        seen += found.module + "/" + found.name + "/" + found.alias + ";";
    CHECK(seen == "a.b//a;c//d;..e/f/g;..e/h/h;i/*/;./j/j;");
}

TEST_CASE("edits keep the rest") {
    CHECK(apply("abcdef", {{4, 5, "X"}, {1, 2, ""}, {0, 0, "_"}}).value() == "_acdXf");
    CHECK_FALSE(apply("abc", {{0, 2, ""}, {1, 3, ""}}).has_value());
    CHECK_FALSE(apply("abc", {{2, 9, ""}}).has_value());
}

TEST_CASE("a new import goes behind the ones that open the file") {
    CHECK(import_position(parsed("")) == 0);
    CHECK(import_position(parsed("#!/bin/python\nx = 1\n")) == 14);
    CHECK(import_position(parsed("'''doc'''\nfrom __future__ import a\n\nimport b\n\nx = 1\n")) ==
          45);
    CHECK(import_position(parsed("'''doc'''")) == 9);
}

TEST_CASE("any bytes are a tree") {
    for (const std::string& text :
         {std::string("\0\xff\xfe(((", 6), std::string("def f(:\n  x = = 3\n"),
          std::string(5000, '('), std::string("'''open"), std::string("\xef\xbb\xbfx = 1\n"),
          std::string("x = '\\")}) {
        const Tree tree = parsed(text);
        for (const StringLiteral& found : strings(tree))
            string_value(found.node);
        definitions(tree);
        assignments(tree);
        imports(tree);
        CHECK(import_position(tree) <= text.size());
    }
}
