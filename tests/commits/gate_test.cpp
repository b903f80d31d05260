#include "commits/gate.h"
#include "commits/plan.h"
#include "commits/plan_text.h"
#include "commits/review.h"

#include <doctest/doctest.h>

#include <map>

namespace commits = stanch::commits;
using commits::FilePair;

namespace {

std::string lines(std::string_view stem, int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += std::string(stem) + " = " + std::to_string(i) + "\n";
    return text;
}

commits::Side side(const std::string& text) {
    commits::Side out;
    out.mode = 0100644;
    out.id = std::string(40, 'a');
    out.content = commits::Lines(text);
    return out;
}

// One file with two hunks: line 1 replaced, two lines put behind line 3.
commits::Change two_hunks() {
    commits::Change change;
    commits::FileChange file;
    file.path = "a.py";
    file.old_side = side("one\r\ntwo\nthree");
    file.new_side = side("ONE\r\ntwo\nthree\nfour\nfive");
    file.hunks = {0, 1};
    change.files.push_back(file);
    change.hunks = {{0, 1, 1, 1, 1}, {0, 3, 1, 3, 3}};
    return change;
}

} // namespace

TEST_CASE("code counts, tests and lock files stand apart") {
    const std::string code = lines("alpha", 30);
    const std::string test = lines("beta", 500);
    const std::string lock = lines("gamma", 900);
    const std::vector<FilePair> files{{"src/a.py", "", code, false},
                                      {"tests/test_a.py", "", test, false},
                                      {"poetry.lock", "", lock, false},
                                      {"logo.png", "", "", true}};
    const commits::Measure measure = commits::measure(files, {});
    CHECK(measure.lines == 30);
    CHECK(measure.files == 1);
    CHECK(measure.test_lines == 500);
    CHECK(measure.generated == std::vector<std::string>{"poetry.lock"});
    CHECK(measure.binary == std::vector<std::string>{"logo.png"});
    CHECK(commits::judge(measure, {}).empty());
}

TEST_CASE("a refusal says which limit and by how much") {
    const std::string code = lines("alpha", 230);
    const std::vector<FilePair> files{{"src/a.py", "", code, false}};
    const auto excess = commits::judge(commits::measure(files, {}), {});
    REQUIRE(excess.size() == 1);
    CHECK(excess[0].limit == "max_lines");
    CHECK(excess[0].value == 230);
    CHECK(excess[0].allowed == 200);
}

TEST_CASE("lines alike at both ends are not counted, a line that shares only its end is") {
    const auto size = [](std::string_view old_text, std::string_view new_text) {
        return commits::measure(std::vector<FilePair>{{"a.py", old_text, new_text, false}}, {})
            .lines;
    };
    CHECK(size("a\nb\nc\n", "a\nx\nc\n") == 2);
    CHECK(size("a\nab\nc\n", "a\nb\nc\n") == 2);
    CHECK(size("b\nc\n", "ab\nc\n") == 2);
    CHECK(size("a\n", "a\na\n") == 1);
    CHECK(size("a\na\n", "a\n") == 1);
    CHECK(size("c", "a\nc") == 1);
    CHECK(size("ab", "b") == 2);
    CHECK(size("", "") == 0);
    CHECK(size("a\nb\nc\nd\n", "d\na\nb\nc\n") == 0);
    CHECK(size("a\nb", "a\nb\n") == 0);
}

TEST_CASE("passing over equal lines changes nothing in what is counted") {
    std::uint32_t state = 1;
    const auto next = [&](std::uint32_t below) {
        state = state * 1664525U + 1013904223U;
        return (state >> 8U) % below;
    };
    for (int round = 0; round < 300; ++round) {
        std::string old_text;
        std::string new_text;
        std::map<std::string, int> balance;
        for (std::uint32_t i = 0, n = next(60); i < n; ++i) {
            const std::string line(1 + next(2), static_cast<char>('a' + next(5)));
            if (next(4) != 0) old_text += line + "\n", --balance[line];
            if (next(4) != 0) new_text += line + "\n", ++balance[line];
        }
        std::size_t expected = 0;
        for (const auto& [line, count] : balance)
            expected += static_cast<std::size_t>(std::abs(count));
        const std::vector<FilePair> files{{"a.py", old_text, new_text, false}};
        CHECK(commits::measure(files, {}).lines == expected);
    }
}

TEST_CASE("a verdict says what is too large and what lets it pass") {
    const std::string code = lines("alpha", 230);
    const std::vector<FilePair> files{{"src/a.py", "", code, false}};
    commits::Limits limits;
    const auto refused = commits::check_change(files, limits, "Add alpha\n");
    CHECK(refused.refused());
    CHECK(commits::explain(refused, "the staged change", "stanch split --staged") ==
          std::vector<std::string>{
              "the staged change is too large",
              "  230 changed lines of code: 30 over the limit of 200 (max_lines)",
              "  split it: stanch split --staged",
              "  or say why in its message: Stanch-Large: REASON"});
    const auto reasoned =
        commits::check_change(files, limits, "Add alpha\n\nStanch-Large: imported\n");
    CHECK(!reasoned.refused());
    CHECK(commits::explain(reasoned, "it", "x").back() == "  let through: imported");
    limits.warn = true;
    CHECK(!commits::check_change(files, limits, {}).refused());
    CHECK(commits::explain(commits::check_change({}, limits, {}), "it", "x").empty());
}

TEST_CASE("a line that moved to another file is not new") {
    const std::string code = lines("alpha", 230);
    const std::vector<FilePair> files{{"src/a.py", code, "", false}, {"src/b.py", "", code, false}};
    const commits::Measure measure = commits::measure(files, {});
    CHECK(measure.moved == 230);
    CHECK(measure.lines == 0);
}

TEST_CASE("an excluded path is not counted") {
    commits::Limits limits;
    limits.exclude = {"src/vendor/*"};
    const std::string code = lines("alpha", 230);
    const std::vector<FilePair> files{{"src/vendor/deep/a.py", "", code, false}};
    CHECK(commits::measure(files, limits).lines == 0);
}

TEST_CASE("the trailer needs a reason") {
    CHECK(commits::override_reason("Subject\n\nStanch-Large: vendored as it is\n") ==
          "vendored as it is");
    CHECK(commits::override_reason("Subject\n\nstanch-large: x") == "x");
    CHECK_FALSE(commits::override_reason("Subject\n\nStanch-Large:  \n"));
    CHECK_FALSE(commits::override_reason("Subject"));
}

TEST_CASE("limits are read, and a negative one is refused") {
    auto config = stanch::Config::parse("[commits]\nmax_lines = 50\nwarn = true\n", "stanch.toml");
    REQUIRE(config);
    auto root = config->root();
    const auto limits = commits::read_limits(root);
    REQUIRE(limits);
    CHECK(limits->lines == 50);
    CHECK(limits->warn);
    auto wrong = stanch::Config::parse("[commits]\nmax_files = -1\n", "stanch.toml");
    auto wrong_root = wrong->root();
    CHECK_FALSE(commits::read_limits(wrong_root));
}

TEST_CASE("any of a file's hunks can be applied alone") {
    const commits::Change change = two_hunks();
    const commits::FileChange& file = change.files[0];
    CHECK(commits::content_with(change, file, {}) == "one\r\ntwo\nthree");
    CHECK(commits::content_with(change, file, {0}) == "ONE\r\ntwo\nthree");
    CHECK(commits::content_with(change, file, {1}) == "one\r\ntwo\nthree\nfour\nfive");
    CHECK(commits::content_with(change, file, {0, 1}) == "ONE\r\ntwo\nthree\nfour\nfive");
}

TEST_CASE("a sheet is read as it is written, and says which line is wrong") {
    const commits::Change change = two_hunks();
    commits::Plan plan;
    plan.parts = {{"First", {0}, {}}, {"Second", {1}, {}}};
    const auto same = commits::read_sheet(commits::plan_sheet(plan, change), change);
    REQUIRE(same);
    CHECK(same->parts.size() == 2);
    CHECK(same->parts[1].subject == "Second");
    CHECK(commits::read_sheet("part All\n 2\n 1\n", change)->parts[0].hunks ==
          std::vector<std::uint32_t>{0, 1});
    for (const char* wrong :
         {"part A\n 1\n", "part A\n 1\n 1\n 2\n", "1\n2\n", "part\n1\n2\n", "part A\n 3\n"})
        CHECK_FALSE(commits::read_sheet(wrong, change));
    CHECK(commits::read_sheet("part A\n 1\n 1\n 2\n", change).error().where == "line 3");
}

TEST_CASE("a plan in JSON has the diff's own numbers") {
    const commits::Change change = two_hunks();
    commits::Plan plan;
    plan.parts = {{"Say \"hello\"", {0, 1}, {}}};
    const std::string json = commits::plan_json(plan, change);
    CHECK(json.find("\"subject\": \"Say \\\"hello\\\"\"") != std::string::npos);
    CHECK(json.find("{\"path\": \"a.py\", \"old_start\": 3, \"old_lines\": 1, \"new_start\": 3, "
                    "\"new_lines\": 3}") != std::string::npos);
}

TEST_CASE("subjects follow the history") {
    CHECK(commits::learn_style({"fix: a", "feat(x): b", "docs: c"}).conventional);
    CHECK_FALSE(commits::learn_style({"Fix a", "Add b"}).conventional);
    CHECK(commits::learn_style({"Fixed a.", "Added b."}).past);
    CHECK(commits::learn_style({"Fixed a.", "Added b."}).full_stop);
}

TEST_CASE("the riskiest hunk comes first, and says why") {
    commits::Change change;
    commits::FileChange plain;
    plain.path = "src/names.py";
    plain.old_side = side("a = 1\n");
    plain.new_side = side("a = 2\n");
    plain.hunks = {0};
    commits::FileChange risky;
    risky.path = "src/run.py";
    risky.old_side = side("x = 1\n");
    risky.new_side = side("subprocess.run(command, shell=True)\n");
    risky.hunks = {1};
    change.files = {plain, risky};
    change.hunks = {{0, 1, 1, 1, 1}, {1, 1, 1, 1, 1}};
    const auto risks = commits::review(change, commits::gather_facts(change, {}));
    REQUIRE(risks.size() == 2);
    CHECK(risks[0].hunk == 1);
    CHECK(commits::level_of(risks[0]) == commits::RiskLevel::high);
    CHECK(risks[0].reasons[0].line == 1);
    CHECK(commits::level_of(risks[1]) == commits::RiskLevel::low);
}
