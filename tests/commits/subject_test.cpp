#include "commits/plan.h"

#include <algorithm>
#include <doctest/doctest.h>

namespace commits = stanch::commits;

namespace {

commits::Side side(const std::string& text) {
    commits::Side out;
    if (text.empty()) return out;
    out.mode = 0100644;
    out.id = text;
    out.content = commits::Lines(text);
    return out;
}

struct File {
    std::string path;
    std::string old_text;
    std::string new_text;
};

std::uint32_t count(const std::string& text) {
    return static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
}

// Each file's whole content as one hunk; the subject of all of them.
std::string subject(const std::vector<File>& files) {
    commits::Change change;
    std::vector<std::uint32_t> hunks;
    for (const File& file : files) {
        const auto number = static_cast<std::uint32_t>(change.files.size());
        commits::FileChange made;
        made.path = file.path;
        made.old_side = side(file.old_text);
        made.new_side = side(file.new_text);
        made.hunks = {number};
        change.files.push_back(std::move(made));
        const std::uint32_t old_lines = count(file.old_text);
        const std::uint32_t new_lines = count(file.new_text);
        change.hunks.push_back(
            {number, old_lines > 0 ? 1U : 0U, old_lines, new_lines > 0 ? 1U : 0U, new_lines});
        hunks.push_back(number);
    }
    return commits::propose_subject(change, commits::gather_facts(change, {}), hunks, {});
}

} // namespace

TEST_CASE("a file with a new name is renamed, one in a new folder is moved") {
    const std::string text = "def parse(text):\n    return text\n";
    CHECK(subject({{"new.py", "", text}, {"old.py", text, ""}}) == "Rename old.py to new.py");
    CHECK(subject({{"a/x.py", text, ""}, {"b/x.py", "", text}}) == "Move x.py to b");
    CHECK(subject({{"a/x.py", text, ""}, {"x.py", "", text}}) == "Move x.py to the top");
    CHECK(subject({{"new.py", "", text + "y = 1\n"}, {"old.py", text, ""}}) !=
          "Rename old.py to new.py");
}

TEST_CASE("a definition is named with a file of its own kind, however long the others are") {
    std::string prose;
    for (int line = 0; line < 90; ++line)
        prose += "Some words about it\n";
    CHECK(subject({{"AGENTS.md", "", prose},
                   {"tests/test_core.py", "", "def test_it():\n    f()\n"}}) ==
          "Add test_it in test_core");
    CHECK(subject({{"apns.py", "", "def send():\n    return 1\n"},
                   {"tests/test_apns.py", "", "def test_it():\n" + prose}}) == "Add send in apns");
}

TEST_CASE("what JavaScript calls is no definition") {
    const std::string text = "const crypto = require('crypto');\n"
                             "module.exports = function (options) {\n  return options;\n};\n"
                             "Object.defineProperty(exports, 'decode', {\n  value: 1,\n});\n";
    CHECK(subject({{"sign.js", "var x;\n", text}}) == "Change sign");
}

TEST_CASE("settings are updated") {
    CHECK(subject({{"requirements.txt", "a==1\n", "a==2\n"}}) == "Update requirements.txt");
}
