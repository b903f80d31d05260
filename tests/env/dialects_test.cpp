// What the dialects give for the lines on which real programs disagree; tests/env/oracles_test.py
// asks the programs.
#include "env/dotenv.h"
#include "env/views.h"

#include "support/made.h"

#include <doctest/doctest.h>

namespace env = stanch::env;
using env::Dialect;

namespace {

std::optional<std::string> lookup(std::string_view name) {
    if (name == "HOME") return "/home/envh";
    return name == "X" ? std::optional<std::string>("envx") : std::nullopt;
}

// The value of A; "–" where there is none.
std::string value(std::string_view text, Dialect dialect) {
    const env::Document document = env::parse(text, dialect, {.environment = lookup});
    for (const env::Variable& variable : env::variables(document, dialect))
        if (variable.name == "A") return std::string(variable.value.reveal());
    return "–";
}

struct Row {
    std::string_view text;
    std::string_view python, node, compose, docker, uv, posix;
};

} // namespace

TEST_CASE("each dialect reads a line as its program does") {
    constexpr Row rows[] = {
        {"A=b#c", "b#c", "b", "b#c", "b#c", "b#c", "b#c"},
        {"A=b #c", "b", "b", "b", "b #c", "b", "b"},
        {"A=#abc", "#abc", "", "#abc", "#abc", "", "#abc"},
        {"A= #abc", "", "", "#abc", " #abc", "", ""},
        {"A=\"b\"c", "–", "\"b\"c", "b", "\"b\"c", "bc", "bc"},
        {"A = b", "b", "b", "b", "–", "b", "–"},
        {"A=$X", "$X", "$X", "envx", "$X", "envx", "envx"},
        {"A='${X}'", "envx", "${X}", "${X}", "'${X}'", "${X}", "${X}"},
        {"A=${U:-d}", "d", "${U:-d}", "d", "${U:-d}", "", "d"},
        {"A=${U:-${X}}", "${X}", "${U:-${X}}", "envx", "${U:-${X}}", "}", "envx"},
        {"A=${U:?need}", "${U:?need}", "${U:?need}", "–", "${U:?need}", "", "–"},
        {"A=$(echo hi)", "$(echo hi)", "$(echo hi)", "$(echo hi)", "$(echo hi)", "–", "–"},
        {"A=\"b\\nc\"", "b\nc", "b\nc", "b\nc", "\"b\\nc\"", "b\nc", "b\\nc"},
        {"A='b\\'c'", "b'c", "b\\'c", "b'c", "'b\\'c'", "–", "–"},
        {"A=\"b\nc\"", "b\nc", "b\nc", "b\nc", "\"b", "b\nc", "b\nc"},
        {"export A=b", "b", "b", "b", "–", "b", "b"},
        {"A: b", "–", "b", "b", "–", "–", "–"},
        {"A=1\nA=2", "2", "2", "2", "2", "1", "2"},
        {"A=b\r\n", "b", "b", "b", "b", "b", "b\r"},
        {"\xef\xbb\xbf"
         "A=b",
         "b", "b", "b", "b", "–", "–"},
        {"A=it's", "it's", "it's", "it's", "it's", "–", "–"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(value(row.text, Dialect::python) == row.python);
        CHECK(value(row.text, Dialect::node) == row.node);
        CHECK(value(row.text, Dialect::compose) == row.compose);
        CHECK(value(row.text, Dialect::docker) == row.docker);
        CHECK(value(row.text, Dialect::uv) == row.uv);
        CHECK(value(row.text, Dialect::posix) == row.posix);
    }
}

TEST_CASE("the originals, one after the other, are the text") {
    constexpr std::string_view text =
        "\xef\xbb\xbf# c\r\n\n A = 'x\ny' # d\nexport B=\"$X\"\r\rbad line here\n=\nC";
    for (const Dialect dialect : env::all_dialects) {
        std::string joined;
        const env::Document document = env::parse(text, dialect, {.environment = lookup});
        for (const env::Entry& entry : document.entries)
            joined += entry.original;
        CHECK(joined == text);
    }
}

TEST_CASE("lines: of the original, and of the statement in it") {
    const env::Document document = env::parse("\n# c\n\nA=b\n", Dialect::python);
    REQUIRE(document.entries.size() == 2);
    CHECK(document.entries[1].line == 3);
    CHECK(document.entries[1].key_line == 4);
}

TEST_CASE("a bare CR LF in quotes: as from a file, and as from a stream") {
    const auto read = [](bool universal) {
        const env::Document document =
            env::parse("A='b\r\nc'\r\n", Dialect::python,
                       {.environment = {}, .universal_newlines = universal});
        return std::string(document.entries.at(0).value->reveal());
    };
    CHECK(read(true) == "b\nc");
    CHECK(read(false) == "b\r\nc");
}

TEST_CASE("settings are what the python dialect reads, wherever they stand") {
    const std::string alphabet = "AB==\n\n\n\r\r''\"\"\\\\\\nt ##${X}:-\tx\xc3\xa9\xff";
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        std::string text = stanch::made::random(alphabet, 4 + seed % 60, seed);
        if (seed % 2 == 0) std::erase_if(text, [](char c) { return c == '\xff' || c < 0; });
        CAPTURE(text);
        const env::Document document = env::parse(text, Dialect::python, {.environment = lookup});
        const auto shared = std::make_shared<const stanch::Secret>(text);
        std::size_t at = 0;
        const auto settings = env::settings(shared, {.environment = lookup});
        for (const env::Entry& entry : document.entries) {
            if (!entry.key || !entry.value) continue;
            REQUIRE(at < settings.size());
            CHECK(settings[at].name == *entry.key);
            CHECK(settings[at].value.reveal() == entry.value->reveal());
            ++at;
        }
        CHECK(at == settings.size());
    }
}

TEST_CASE("a shell joins lines even within a variable's name") {
    CHECK(value("A=$X\\\nY", Dialect::posix).empty());
    CHECK(value("A=$\\\nX", Dialect::posix) == "envx");
    CHECK(value("A=\"$X\\\n-\"", Dialect::posix) == "envx-");
}

TEST_CASE("a shell expands '~' behind a continued line, and not where a part of it is quoted") {
    CHECK(value("A=x:\\\n~/b", Dialect::posix) == "x:/home/envh/b");
    CHECK(value("A=~\\\n/b", Dialect::posix) == "/home/envh/b");
    CHECK(value("A=~\"/b\"", Dialect::posix) == "~/b");
    CHECK(value("A=~$X", Dialect::posix) == "~envx");
}

TEST_CASE("a shell keeps an assignment before words that expand to nothing: nothing is claimed") {
    CHECK(value("B=1 `true`\nA=$B", Dialect::posix) == "–");
    CHECK(value("B=1 $U\nA=$B", Dialect::posix) == "–");
    CHECK(value("B=1 word\nA=$B", Dialect::posix).empty());
    CHECK(value("B=1 \"\"\nA=$B", Dialect::posix).empty());
}

TEST_CASE("uv: the first of two values is the variable's, the last one is what others expand to") {
    CHECK(value("A=1\nA=2", Dialect::uv) == "1");
    CHECK(value("B=1\nB=2\nA=${B}", Dialect::uv) == "2");
}

TEST_CASE("compose: a word that is not used is not read, and every brace in one counts") {
    CHECK(value("A=${X:-${U:?m}}", Dialect::compose) == "envx");
    CHECK(value("A=${U:+${A=}}", Dialect::compose).empty());
    CHECK(value("A=${X:+${A=}}", Dialect::compose) == "–");
    CHECK(value("A=${U-${X-}{}q}", Dialect::compose) == "envx{}q");
    CHECK(value("A=${U-${X-}{}}q}", Dialect::compose) == "envx{}}q");
}

TEST_CASE("names are shown where every program reads them, and only there") {
    CHECK(env::sure_names("A=1\nB='x'\n") == std::set<std::string, std::less<>>{"A", "B"});
    CHECK(env::sure_names("A=b\nB=it's").empty()); // a shell does not take it
    // To docker run the second line is a name.
    CHECK(env::sure_names("A='\nhalf\n'\n") == std::set<std::string, std::less<>>{"A"});
}

TEST_CASE("dialects have the names that people use") {
    CHECK(env::parse_dialect("python-dotenv") == Dialect::python);
    CHECK(env::parse_dialect("bash") == Dialect::posix);
    CHECK_FALSE(env::parse_dialect("ruby"));
}
