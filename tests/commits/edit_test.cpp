#include "commits/edit.h"

#include <doctest/doctest.h>

namespace commits = stanch::commits;
using commits::Language;

TEST_CASE("brackets, commas, quotes and line ends are cosmetic, words are not") {
    CHECK(commits::compare_edit("f('a', b)\n", "f(\"a\", b,)\n").cosmetic);
    CHECK(commits::compare_edit("f(a, b)\n", "f(\n    a,\n    b,\n)\n").cosmetic);
    CHECK(!commits::compare_edit("f(a)\n", "f(b)\n").cosmetic);
    CHECK(commits::compare_edit("x  =1\n", "x = 1\n").exact.empty());
}

TEST_CASE("the same replacement looks the same wherever it stands") {
    const auto one = commits::compare_edit("a = load(get=c.get)\n", "a = load(scheduler=c.get)\n");
    const auto two = commits::compare_edit("return f(get=c.get)\n", "return f(scheduler=c.get)\n");
    CHECK(!one.exact.empty());
    CHECK(one.exact == two.exact);
    const auto other = commits::compare_edit("a = load(put=c.get)\n", "a = load(plan=c.get)\n");
    CHECK(one.exact != other.exact);
    CHECK(one.shape == other.shape);
}

TEST_CASE("literals and issues are found, whatever stands around them") {
    CHECK(commits::literals("x = 12 + v1.5 + 'abc' + \"d\" + f('open\n)\n") ==
          std::vector<std::string>{"'12", "'abc"});
    CHECK(commits::issues("Mend it (#123), see issues/45 and colour #a1b2c3") ==
          std::vector<std::string>{"#123", "#45"});
    CHECK(commits::issues("#").empty());
}

TEST_CASE("docstrings and comments are prose, code behind them is not") {
    const commits::Lines python("x = 1\n'''One\ntwo\n'''\n# three\ny = '''a\nb\n''' + z\n\n");
    CHECK(commits::prose_lines(python, Language::python) ==
          std::vector<bool>{false, true, true, true, true, false, true, false, true});
    const commits::Lines braces("// one\nint x;\n");
    CHECK(commits::prose_lines(braces, Language::braces) == std::vector<bool>{true, false});
}
