// Held against `git check-ignore` itself, on random trees with random patterns.
#include "git/ignore.h"

#include "git/repository.h"
#include "os/file.h"
#include "os/process.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <random>
#include <set>
#include <unistd.h>

using namespace stanch;
using namespace stanch::git;
namespace fs = std::filesystem;

namespace {

using Random = std::mt19937;

std::string pick(Random& random, std::initializer_list<const char*> choices) {
    return *(choices.begin() + static_cast<std::ptrdiff_t>(random() % choices.size()));
}

std::string random_name(Random& random) {
    std::string name = pick(random, {"a", "b", "foo", "bar", "A", "Foo"});
    if (random() % 3 == 0) name += pick(random, {".c", ".log", "-b", " x", "]", "\\"});
    return name;
}

std::string random_part(Random& random) {
    return pick(random,
                {"a",     "b",          "foo",          "bar",         "*",     "**",      "?",
                 "*.c",   "*.log",      "f*",           "*o",          "[ab]",  "[!a]*",   "[a-c]",
                 "A",     "Foo",        "[[:upper:]]*", "[[:alpha:]]", "[]-]",  "[a",      "\\a",
                 "a\\",   "foo**",      "**bar",        "f?o",         "[A-C]", "[\\]]",   "x ",
                 "[^f]*", "[[:nope:]]", "***",          "*\\",         "-b",    "[a\\-c]", "",
                 "#",     "!a"});
}

std::string random_pattern(Random& random) {
    std::string pattern = random() % 5 == 0 ? "!" : "";
    if (random() % 3 == 0) pattern += '/';
    const auto parts = 1 + random() % 3;
    for (unsigned i = 0; i < parts; ++i)
        pattern += (i == 0 ? "" : "/") + random_part(random);
    if (random() % 4 == 0) pattern += '/';
    return pattern + pick(random, {"", "", "", "", " ", "\\ ", "\r", "  "});
}

std::string random_list(Random& random) {
    std::string text = random() % 10 == 0 ? "\xEF\xBB\xBF" : "";
    const auto lines = 1 + random() % 14; // from eight on, a list is indexed
    for (unsigned i = 0; i < lines; ++i)
        text += random_pattern(random) + (i + 1 == lines && random() % 2 == 0 ? "" : "\n");
    return text;
}

std::string bare(const std::string& path) {
    return path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

struct Tree {
    fs::path root;
    std::vector<std::string> paths; // directories end with '/'

    explicit Tree(Random& random) {
        std::string name = (fs::temp_directory_path() / "stanch-ignore-XXXXXX").string();
        root = mkdtemp(name.data());
        git({"init", "-q"});
        git({"config", "core.ignorecase", random() % 4 == 0 ? "true" : "false"});
        REQUIRE(os::write_file((root / ".git/info/exclude").string(),
                               random() % 3 == 0 ? random_list(random) : ""));
        fill(random, "", 0);
    }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    ~Tree() { fs::remove_all(root); }

    void fill(Random& random, const std::string& folder, int depth) {
        if (depth == 0 || random() % 3 == 0)
            REQUIRE(os::write_file((root / folder / ".gitignore").string(), random_list(random)));
        for (int i = 0; i < 4; ++i) {
            const std::string path = folder + random_name(random);
            if (fs::exists(root / path)) continue;
            if (depth < 3 && random() % 2 == 0) {
                fs::create_directory(root / path);
                paths.push_back(path + "/");
                fill(random, path + "/", depth + 1);
            } else {
                REQUIRE(os::write_file((root / path).string(), ""));
                paths.push_back(path);
            }
        }
    }

    os::Outcome git(std::vector<std::string> arguments, std::string input = {}) const {
        arguments.insert(arguments.begin(), {"git", "-C", root.string()});
        os::Command command;
        command.arguments = std::move(arguments);
        command.environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_NOSYSTEM", "1"}};
        command.input = std::move(input);
        auto outcome = os::run(command);
        REQUIRE(outcome);
        return std::move(*outcome);
    }

    [[nodiscard]] std::set<std::string> ignored_by_git() const {
        std::string input;
        for (const std::string& path : paths)
            input += bare(path) + '\0';
        const std::string output =
            git({"check-ignore", "--no-index", "-z", "--stdin"}, input).output;
        std::set<std::string> found;
        for (std::size_t at = 0; at < output.size();) {
            const std::size_t end = output.find('\0', at);
            found.insert(output.substr(at, end - at));
            at = end + 1;
        }
        std::set<std::string> ignored;
        for (const std::string& path : paths)
            if (found.contains(bare(path))) ignored.insert(path);
        return ignored;
    }

    void walk(const std::string& folder, IgnoreStack stack, bool fold, bool inside_ignored,
              std::set<std::string>& ignored) const {
        if (const auto text = os::read_file((root / folder / ".gitignore").string()))
            stack = stack.with(std::make_shared<const IgnoreFile>(
                *text, folder.empty() ? "" : folder.substr(0, folder.size() - 1), fold));
        for (const std::string& path : paths) {
            const bool directory = path.ends_with('/');
            if (!path.starts_with(folder) ||
                bare(path).find('/', folder.size()) != std::string::npos || path == folder)
                continue;
            const bool now = inside_ignored || stack.ignores(bare(path), directory);
            if (now) ignored.insert(path);
            if (directory) walk(path, stack, fold, now, ignored);
        }
    }

    [[nodiscard]] std::set<std::string> ignored_by_us() const {
        const auto repository = Repository::discover(root.string());
        REQUIRE(repository);
        const IgnoreSettings settings = ignore_settings(*repository);
        std::set<std::string> ignored;
        walk("", settings.base, settings.fold_case, false, ignored);
        return ignored;
    }

    [[nodiscard]] std::string lists() const {
        std::string all;
        for (const auto& entry : fs::recursive_directory_iterator(root))
            if (entry.path().filename() == ".gitignore" || entry.path().filename() == "exclude")
                all += entry.path().string() + ":\n" + *os::read_file(entry.path().string()) + "\n";
        return all;
    }
};

bool ignores(std::string_view list, std::string_view path, bool directory = false) {
    return IgnoreStack()
        .with(std::make_shared<const IgnoreFile>(list, "", false))
        .ignores(path, directory);
}

} // namespace

TEST_CASE("random trees are ignored as git check-ignore says") {
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    for (unsigned seed = 0; seed < 60; ++seed) {
        Random random(seed);
        const Tree tree(random);
        const auto theirs = tree.ignored_by_git();
        const auto ours = tree.ignored_by_us();
        for (const std::string& path : tree.paths) {
            const bool same = theirs.contains(path) == ours.contains(path);
            if (same) continue;
            FAIL_CHECK("seed " << seed << ": git "
                               << std::string(theirs.contains(path) ? "ignores " : "keeps ") << path
                               << "\n"
                               << tree.lists());
        }
    }
}

TEST_CASE("the nearer list decides, in it the last match") {
    auto stack = IgnoreStack()
                     .with(std::make_shared<const IgnoreFile>("*.log\n", "", false))
                     .with(std::make_shared<const IgnoreFile>("!keep.log\n", "a", false));
    CHECK(stack.ignores("a/x.log", false));
    CHECK_FALSE(stack.ignores("a/keep.log", false));
    CHECK(ignores("a\n!a\na\n", "a"));
}

TEST_CASE("a hostile pattern takes no time") {
    const std::string stars = "a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
    CHECK_FALSE(ignores(stars, std::string(250, 'a')));
    CHECK_FALSE(ignores("**/**/**/**/**/**/**/**/**/**/**/**/x", std::string(200, 'a') + "/b"));
}
