// Every state between two parts: Python parses, and imports of changed modules resolve.
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

struct File {
    std::string path;
    std::string old_text;
    std::string new_text;
    std::vector<commits::Hunk> hunks;
};

commits::Change change_of(const std::vector<File>& files) {
    commits::Change change;
    for (const File& given : files) {
        commits::FileChange file;
        file.path = given.path;
        file.old_side = side(given.old_text);
        file.new_side = side(given.new_text);
        for (commits::Hunk hunk : given.hunks) {
            hunk.file = static_cast<std::uint32_t>(change.files.size());
            file.hunks.push_back(static_cast<std::uint32_t>(change.hunks.size()));
            change.hunks.push_back(hunk);
        }
        change.files.push_back(file);
    }
    return change;
}

// The part of each hunk, as a plan makes it of these groups.
std::vector<std::size_t> parts(const commits::Change& change, std::vector<std::uint32_t> group,
                               std::size_t groups) {
    const commits::Partition partition{std::move(group), groups, false};
    const commits::Plan plan =
        commits::make_plan(change, commits::gather_facts(change, {}), partition, {});
    REQUIRE(commits::check_plan(plan, change));
    std::vector<std::size_t> out(change.hunks.size());
    for (std::size_t part = 0; part < plan.parts.size(); ++part)
        for (const std::uint32_t hunk : plan.parts[part].hunks)
            out[hunk] = part;
    return out;
}

} // namespace

TEST_CASE("the two halves of a try stay in one part") {
    const auto change = change_of({{"a.py",
                                    "def f():\n    one()\n    two()\n    three()\n",
                                    "def f():\n    try:\n        one()\n    two()\n    except E:\n"
                                    "        pass\n    three()\n",
                                    {{0, 2, 1, 2, 2}, {0, 3, 0, 5, 2}}},
                                   {"b.py", "x = 1\n", "x = 2\n", {{0, 1, 1, 1, 1}}}});
    // The new side does not parse either, so nothing is promised; with a sound one it is.
    const auto sound =
        change_of({{"a.py",
                    "def f():\n    one()\n    two()\n",
                    "def f():\n    try:\n        one()\n    finally:\n        two()\n",
                    {{0, 1, 0, 2, 1}, {0, 2, 2, 3, 3}}},
                   {"b.py", "x = 1\n", "x = 2\n", {{0, 1, 1, 1, 1}}}});
    const auto at = parts(sound, {0, 1, 2}, 3);
    CHECK(at[0] == at[1]);
    CHECK(at[2] != at[0]);
    CHECK(parts(change, {0, 1, 0}, 2).size() == 3);
}

TEST_CASE("a definition never comes after the part that imports it") {
    const auto change = change_of(
        {{"pkg/use.py", "y = 1\n", "from pkg.make import made\ny = made()\n", {{0, 1, 1, 1, 2}}},
         {"pkg/make.py", "x = 1\n", "x = 1\n\n\ndef made():\n    return 2\n", {{0, 1, 0, 2, 4}}}});
    for (const auto& group : {std::vector<std::uint32_t>{0, 1}, std::vector<std::uint32_t>{1, 0}}) {
        const auto at = parts(change, group, 2);
        CHECK(at[1] <= at[0]);
    }
}

TEST_CASE("an import is not taken away before its last user") {
    const auto change = change_of(
        {{"pkg/use.py",
          "from pkg.make import made\n\n\ndef f():\n    return made()\n",
          "def f():\n    return 1\n",
          {{0, 1, 3, 0, 0}, {0, 5, 1, 2, 1}}},
         {"pkg/make.py", "x = 1\n\n\ndef made():\n    return 2\n", "x = 1\n", {{0, 2, 4, 1, 0}}}});
    const auto at = parts(change, {1, 1, 0}, 2);
    CHECK(at[2] >= at[0]);
}

TEST_CASE("a module is there before it is imported") {
    const auto change =
        change_of({{"pkg/new.py", "", "def made():\n    return 2\n", {{0, 0, 0, 1, 2}}},
                   {"pkg/use.py", "y = 1\n", "import pkg.new\ny = 1\n", {{0, 0, 0, 1, 1}}},
                   {"docs/x.md", "a\n", "b\n", {{0, 1, 1, 1, 1}}}});
    const auto at = parts(change, {2, 0, 1}, 3);
    CHECK(at[0] <= at[1]);
}
