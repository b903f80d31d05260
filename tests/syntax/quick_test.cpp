// The quick reader against the grammar: what it takes gives the same tree, node by node.
#include "syntax/quick.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace stanch;
using namespace stanch::syntax;

namespace {

std::string description(const Tree& tree, std::uint32_t index) {
    const Node node = tree.node(index);
    return std::to_string(static_cast<int>(node.kind())) + "/" +
           std::to_string(static_cast<int>(node.field())) + " " + std::to_string(node.begin()) +
           "-" + std::to_string(node.end()) + " until " + std::to_string(node.after());
}

// "" where both readings agree.
std::string difference(std::string_view text) {
    const auto quick = Tree::python(text);
    const auto grammar = Tree::python(text, Reading::grammar);
    if (!quick || !grammar) return "no tree";
    if (grammar->broken()) return "broken";
    for (std::uint32_t i = 0; i < std::max(quick->size(), grammar->size()); ++i) {
        if (i >= quick->size() || i >= grammar->size()) return "sizes";
        const std::string a = description(*quick, i);
        const std::string b = description(*grammar, i);
        if (a != b)
            return "node " + std::to_string(i) + ": " + a + ", not " + b + ": " +
                   std::string(grammar->node(i).text());
    }
    return "";
}

void same(std::string_view text) {
    CAPTURE(text);
    CHECK(quick_parse(text).has_value());
    CHECK(difference(text) == "");
}

// What the reader leaves to the grammar.
void left(std::string_view text) {
    CAPTURE(text);
    CHECK_FALSE(quick_parse(text).has_value());
}

} // namespace

TEST_CASE("expressions read quickly are the grammar's") {
    for (const std::string_view text : {"a ** b ** c\n",
                                        "-a ** -b + ~c @ d // e\n",
                                        "await a ** b\n",
                                        "not not a\n",
                                        "a < b <= c not in d is not e is f in g != h <> i\n",
                                        "not a and b or c\n",
                                        "x = a if b else c if d else e\n",
                                        "lambda: 0\n",
                                        "f(lambda *, a, b=1, *c, **d: (a, b))\n",
                                        "f(*a or b, **c, d=1, e)\n",
                                        "f(x for x in y)\n",
                                        "f(a)(b).c[d][e:f][::2][a, b][a:b, c][:]\n",
                                        "[x for x in y if z if not w]\n",
                                        "{x: y for x, (y, z) in w}\n",
                                        "{x for x in y}\n",
                                        "(x async for x in y for (a, b) in c)\n",
                                        "(a := b or c)\n",
                                        "f(a := 1)\n",
                                        "x = (a := b if c else d)\n",
                                        "{**a, 'b': c,}\n",
                                        "{*a, b}\n",
                                        "x = {}, [], (), (a,), (*a.b, c)\n",
                                        "(yield)\n",
                                        "x = yield a, b\n",
                                        "1, 1.5, 0x1F, 1j, 1_000, 1e5, .5, 1., 0o17, 0b1\n",
                                        "True, False, None, ...\n",
                                        "x = \\\n  y\n",
                                        "if a and \\\n   b: pass\n",
                                        "x = (a  # one\n  # two\n  , b)\n",
                                        "f(\n    a,  # one\n)\n",
                                        "x.print(a.type)\n"})
        same(text);
}

TEST_CASE("strings read quickly are the grammar's") {
    for (const std::string_view text :
         {"x = 'a\\n{b}\\\\\\0\\01\\777\\q\\x41\\u1234\\N{DASH}'\n",
          "x = f\"a{b}c{d!r:>{w}}{e=}{{x}} \\n{f:%Y-%m}\"\n", "x = r'\\n\\d\\'' rb'''a\nb'''\n",
          "x = \"a\" f\"b{c}\" \\\n  \"d\"\n", "x = (\"a\"\n  # c\n  \"b\")\n",
          "x = \"\"\"a \"q\" \\\" b\"\"\"\n", "x = f'''{\n  x\n}'''\n", "x = '\\\n'\n",
          "x = '' + f'' + u''\n", "f\"{a['b']} {c, d} { e }\"\n", "\"a\" \"b\".format(c)\n"})
        same(text);
}

TEST_CASE("statements read quickly are the grammar's") {
    for (const std::string_view text : {"a = b = c\n",
                                        "a, b = (c, d) = e\n",
                                        "[a, *b] = c\n",
                                        "a.b[c] += 1, 2\n",
                                        "x[a], y.b = c\n",
                                        "from __future__ import annotations, b\n",
                                        "from .a.b import (c as d, e,)\n",
                                        "from .. import *\n",
                                        "import a.b, c as d\n",
                                        "global a, b\n",
                                        "del (a), b[1]\n",
                                        "assert a, b\n",
                                        "raise A from b\n",
                                        "return a,\n",
                                        "a; b;\n",
                                        "print(a, file=b)\n",
                                        "print = a\n",
                                        "type: int = 1\n",
                                        "match = re.match(a)\n",
                                        "x = 1"})
        same(text);
    same("@dec  # c\n# d\n@dec.x(1)\nasync def f(a, /, b=1, *args: int, c: int, d: str = 'x', "
         "**kw) -> int:\n"
         "    'doc'\n    async for x in y: break\n    async with a as b: pass\n");
    same("class A(B, metaclass=M):\n    # lead\n    x: int = 1\n\n    def m(self): yield; yield "
         "x\n    # in A\n");
    same("if a: pass  # c\n# d\nelif b:\n    x\n    # trailing\nelse: y\n");
    same("for i, (a, b) in *c, d:\n    continue\nelse:\n    pass\nwhile x: pass\nelse: pass\n");
    same("with a as b, c: pass\nwith (a as b, c as d): pass\nwith (a): pass\nwith (a as b): pass\n"
         "with open(x) as (a, b): pass\n");
    same("try: pass\nexcept A as e: pass\nexcept (A, B): pass\nexcept: pass\nelse: pass\nfinally: "
         "pass\n");
}

TEST_CASE("comments belong to the grammar's blocks") {
    same("def f():\n    if x:\n        y # tr\n        # in y\n      # between\n    # in f\n  # "
         "less\n# out\n\n"
         "    # right of it\nz # t\n# after z\n");
    same("# first\n\n  # second\n");
    same("");
    same("if x:\n\ty\n\n\t# tab\nz\n");
}

TEST_CASE("types read quickly are the grammar's") {
    for (const std::string_view text :
         {"x: Optional[X] | None\n", "x: None | List[int]\n", "x: a.b.List[int] | None = 1\n",
          "x: List[int] | Dict[a, b] | None\n", "x: X[a.b[c], d | e, f[g] | h]\n",
          "x: Callable[[A, B[c]], D]\n", "x: Callable[..., X]\n", "x: Literal['a', 1]\n",
          "x: A[b,]\n", "x: Annotated[int, Depends(f), x > 1]\n", "x: type[int]\n",
          "self.x: 'Foo' = y\n",
          "def f(x: a[b] | c = 1, *y: z[w], **k: Any) -> a.b[c] | None: pass\n"})
        same(text);
}

TEST_CASE("what is not certain is left to the grammar") {
    for (const std::string_view text : {"all(*a.b == 1 for c in d)\n",
                                        "x = *a.b, c\n",
                                        "with lambda: a as b: pass\n",
                                        "print 'x'\n",
                                        "print >>f, x\n",
                                        "exec 'x'\n",
                                        "match x:\n    case 1: pass\n",
                                        "type X = int\n",
                                        "def f[T](): pass\n",
                                        "try: pass\nexcept* X: pass\n",
                                        "x = `a`\n",
                                        "(",
                                        "x = (\n",
                                        "if x:\npass\n",
                                        "def f():\n    a\n      b\n",
                                        "def f():\n        a\n    b\n",
                                        "x = 'a\n",
                                        "x = b'\\u'\n",
                                        "x = r'\\\\'\n",
                                        "[*a.b(c)]\n",
                                        "a,\nb = 1\n",
                                        "x = 1L\n",
                                        "except: pass\n",
                                        "\xff = 1\n",
                                        "x\r\ny\r\n",
                                        "def f():\n    return {'a':\n  b}\n"})
        left(text);
    // Deep nesting is the grammar's too, and no overflow.
    left(std::string(100000, '(') + std::string(100000, ')'));
    left(std::string(100000, '-') + "1\n");
}

TEST_CASE("the reader of ordinary Python reads ordinary Python") {
    // Whatever Python is installed here: its library is the corpus.
    std::filesystem::path library;
    for (const char* folder : {"/usr/lib/python3.11", "/usr/lib/python3.12", "/usr/lib/python3.13"})
        if (std::filesystem::exists(folder)) library = folder;
    if (library.empty()) return;
    std::size_t files = 0;
    std::size_t taken = 0;
    for (const auto& entry : std::filesystem::directory_iterator(library)) {
        if (entry.path().extension() != ".py" || files >= 60) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        ++files;
        if (!quick_parse(text)) continue;
        ++taken;
        CAPTURE(entry.path().string());
        CHECK(difference(text) == "");
    }
    CHECK(taken * 10 >= files * 8);
}
