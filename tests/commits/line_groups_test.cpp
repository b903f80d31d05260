#include "commits/line_groups.h"
#include "commits/plan.h"

#include <doctest/doctest.h>

namespace commits = stanch::commits;

namespace {

commits::Side side(const std::string& text) {
    commits::Side out;
    if (text.empty()) return out;
    out.mode = 0100644;
    out.id = std::string(40, 'a');
    out.content = commits::Lines(text);
    return out;
}

// One file whose whole difference is one hunk of lines `first` to the end on both sides.
commits::Change one_hunk(const std::string& old_text, const std::string& new_text,
                         const commits::Hunk& hunk) {
    commits::Change change;
    commits::FileChange file;
    file.path = "a.py";
    file.old_side = side(old_text);
    file.new_side = side(new_text);
    file.hunks = {0};
    change.files.push_back(file);
    change.hunks = {hunk};
    return change;
}

std::vector<std::uint32_t> sizes(const commits::Change& change) {
    std::vector<std::uint32_t> out;
    for (const commits::Hunk& piece : commits::line_groups(change, change.hunks[0]))
        out.push_back(std::max(piece.old_lines, piece.new_lines));
    return out;
}

// However the pieces are dealt, the last state is the new file and the first the old one.
void check_sums(const commits::Change& change) {
    const auto cut = commits::cut_hunks(change, {true});
    const commits::FileChange& file = cut.change.files[0];
    CHECK(commits::content_with(cut.change, file, file.hunks) == file.new_side.content.text());
    CHECK(commits::content_with(cut.change, file, {}) == file.old_side.content.text());
}

} // namespace

TEST_CASE("two functions in one hunk come apart, a function's own lines don't") {
    const std::string both =
        "def first():\n    x = 1\n\n    return x\n\n\ndef second():\n    pass\n";
    const auto change = one_hunk("", both, {0, 0, 0, 1, 8});
    CHECK(sizes(change) == std::vector<std::uint32_t>{6, 2});
    check_sums(change);
    const auto gone = one_hunk(both, "", {0, 1, 8, 0, 0});
    CHECK(sizes(gone) == std::vector<std::uint32_t>{6, 2});
}

TEST_CASE("imports come apart, what stands in brackets does not") {
    const auto imports = one_hunk("y = 1\n", "import os\nimport re\ny = 1\n", {0, 0, 0, 1, 2});
    CHECK(sizes(imports) == std::vector<std::uint32_t>{1, 1});
    check_sums(imports);
    const auto call = one_hunk("", "x = f(\n1,\n\n2)\n\ny = 2\n", {0, 0, 0, 1, 6});
    CHECK(sizes(call) == std::vector<std::uint32_t>{5, 1});
}

TEST_CASE("a decorator and a comment stay with their function") {
    const std::string text = "@one\n@two\ndef f(): pass\n# why\ndef g(): pass\n";
    const auto change = one_hunk("", text, {0, 0, 0, 1, 5});
    CHECK(sizes(change).size() <= 2);
    for (const commits::Hunk& piece : commits::line_groups(change, change.hunks[0]))
        CHECK(!change.added(piece).starts_with("def"));
}

TEST_CASE("lines replaced one by one come apart, other replacements don't") {
    const auto pairs = one_hunk("limit = read(a)\nwidth = read(b)\n",
                                "limit = read(a, 1)\nwidth = read(b, 2)\n", {0, 1, 2, 1, 2});
    CHECK(sizes(pairs) == std::vector<std::uint32_t>{1, 1});
    check_sums(pairs);
    const auto other =
        one_hunk("alpha = 1\nbeta = 2\n", "for x in y:\n    call(x)\n", {0, 1, 2, 1, 2});
    CHECK(sizes(other) == std::vector<std::uint32_t>{2});
    const auto uneven = one_hunk("a\nb\n", "a\n", {0, 1, 2, 1, 1});
    CHECK(sizes(uneven) == std::vector<std::uint32_t>{2});
}

TEST_CASE("a last line without its newline keeps its place") {
    const auto change = one_hunk("x = 1\n", "x = 1\nimport os\nimport re", {0, 1, 0, 2, 2});
    check_sums(change);
    const auto cut = commits::cut_hunks(change, {true});
    REQUIRE(cut.change.hunks.size() == 2);
    CHECK(commits::content_with(cut.change, cut.change.files[0], {0}) == "x = 1\nimport os\n");
    CHECK(commits::content_with(cut.change, cut.change.files[0], {1}) == "x = 1\nimport re");
}

TEST_CASE("a hunk is left whole where its line groups belong together") {
    const std::string text = "def parse(text):\n    return text\n\n\ndef parse_all(texts):\n"
                             "    return [parse(text) for text in texts]\n";
    const auto change = one_hunk("", text, {0, 0, 0, 1, 6});
    const auto separated = commits::untangle_lines(change, {});
    CHECK(separated.change.hunks.size() == (separated.partition.groups == 1 ? 1 : 2));
    CHECK(separated.partition.group.size() == separated.change.hunks.size());
    CHECK(separated.facts.hunks.size() == separated.change.hunks.size());
}
