#include "commits/change.h"
#include "commits/read.h"
#include "commits/scopes.h"
#include "commits/words.h"

#include <doctest/doctest.h>

namespace commits = stanch::commits;
using commits::Language;
using commits::Lines;

TEST_CASE("lines keep their newline, and the last may have none") {
    const Lines lines("one\ntwo\nthree");
    CHECK(lines.count() == 3);
    CHECK(lines.line(1) == "one\n");
    CHECK(lines.line(3) == "three");
    CHECK(lines.lines(2, 9) == "two\nthree");
    CHECK(lines.lines(4, 1).empty());
    CHECK(lines.lines(0, 1).empty());
    CHECK(Lines("").count() == 0);
    CHECK(Lines("\n").count() == 1);
}

TEST_CASE("a diff is read by its headers, and its lines may look like headers") {
    const auto sections = commits::parse_diff("diff --git a/x b/x\n"
                                              "index 1..2 100644\n"
                                              "--- a/x\n"
                                              "+++ b/x\n"
                                              "@@ -3 +3,2 @@ def f():\n"
                                              "-@@ -1 +1 @@\n"
                                              "+diff --git a/y b/y\n"
                                              "+Binary files differ\n"
                                              "\\ No newline at end of file\n"
                                              "@@ -9,0 +11 @@\n"
                                              "+z\n"
                                              "diff --git a/b b/b\n"
                                              "new file mode 100644\n"
                                              "Binary files /dev/null and b/b differ\n");
    REQUIRE(sections);
    REQUIRE(sections->size() == 2);
    const auto& hunks = (*sections)[0].hunks;
    REQUIRE(hunks.size() == 2);
    CHECK(hunks[0] == commits::Hunk{0, 3, 1, 3, 2});
    CHECK(hunks[1] == commits::Hunk{0, 9, 0, 11, 1});
    CHECK_FALSE((*sections)[0].binary);
    CHECK((*sections)[1].binary);
    CHECK((*sections)[1].created);
}

TEST_CASE("a diff that ends inside a hunk is an error") {
    CHECK_FALSE(commits::parse_diff("diff --git a/x b/x\n@@ -1,2 +1 @@\n-a\n"));
    CHECK_FALSE(commits::parse_diff("diff --git a/x b/x\n@@ nonsense\n"));
    CHECK(commits::parse_diff("")->empty());
}

TEST_CASE("a Python line knows its definitions") {
    const Lines lines("import os\n"
                      "\n"
                      "class Reader:\n"
                      "    \"\"\"\n"
                      "def not_a_function():\n"
                      "    \"\"\"\n"
                      "    @property\n"
                      "    def name(self):\n"
                      "        return (1,\n"
                      "2)\n"
                      "    size = 3\n"
                      "top = 4\n");
    const auto scopes = commits::find_scopes(lines, Language::python);
    REQUIRE(scopes.all.size() == 2);
    CHECK(scopes.all[0].name == "Reader");
    CHECK(scopes.all[1].name == "name");
    CHECK(scopes.all[1].parent == 0);
    CHECK(scopes.all[1].first_line == 7);
    CHECK(scopes.of_line[0] == -1);
    CHECK(scopes.of_line[4] == 0);  // inside the string
    CHECK(scopes.of_line[6] == 1);  // the decorator
    CHECK(scopes.of_line[9] == 1);  // inside brackets
    CHECK(scopes.of_line[10] == 0); // back in the class
    CHECK(scopes.of_line[11] == -1);
}

TEST_CASE("other languages by their own marks") {
    const Lines go("package x\nfunc (s *Server) Serve() {\n\treturn\n}\n");
    CHECK(commits::find_scopes(go, Language::braces).all.at(0).name == "Serve");
    const Lines c("static int parse(const char *s)\n{\n    return 0;\n}\n");
    const auto scopes = commits::find_scopes(c, Language::braces);
    CHECK(scopes.all.at(0).name == "parse");
    CHECK(scopes.of_line.at(2) == 0);
    const Lines js("export async function load() {\n  x()\n}\n");
    CHECK(commits::find_scopes(js, Language::braces).all.at(0).name == "load");
    const Lines prose("Title\n=====\n\ntext\n");
    CHECK(commits::find_scopes(prose, Language::prose).all.at(0).name == "Title");
}

TEST_CASE("what lines define and import") {
    const auto names = commits::names_in("from a.b import (\n    Reader,\n    writer as w)\n"
                                         "def parse(text, *, limit=3):\n"
                                         "    self.size, rest = 1, 2\n"
                                         "    if a == b: pass\n",
                                         Language::python);
    CHECK(names.imported == std::vector<std::string_view>{"Reader", "writer"});
    CHECK(names.defined == std::vector<std::string_view>{"parse", "text", "limit", "size", "rest"});
}

TEST_CASE("identifiers fall into parts that prose shares") {
    std::vector<std::string> parts;
    commits::parts_of("HTTPServerErrors", parts);
    CHECK(parts == std::vector<std::string>{"http", "server", "error"});
    parts.clear();
    commits::parts_of("parsing_policies", parts);
    CHECK(parts == std::vector<std::string>{"pars", "policy"});
}
