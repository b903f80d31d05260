#include "env/env_files.h"

#include "os/directory.h"
#include "os/file.h"

#include <chrono>
#include <doctest/doctest.h>
#include <filesystem>

namespace env = stanch::env;
namespace fs = std::filesystem;

namespace {

struct Tree {
    Tree() : top(*stanch::os::make_temporary_directory()) { options.root = top + "/tree"; }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    ~Tree() { stanch::os::remove_directory(top); }

    void add(const std::string& path) const {
        const std::string whole = options.root + "/" + path;
        fs::create_directories(fs::path(whole).parent_path());
        REQUIRE(stanch::os::write_file(whole, "A=1\n"));
    }
    // As if it had been made long ago: what changed just now is not trusted to stay.
    void age() const {
        const auto then = fs::file_time_type::clock::now() - std::chrono::hours(1);
        fs::last_write_time(options.root, then);
        for (const auto& entry : fs::recursive_directory_iterator(options.root))
            if (entry.is_directory()) fs::last_write_time(entry.path(), then);
    }
    std::vector<std::string> look() const { return env::find_env_files(options).paths; }

    std::string top;
    env::EnvFilesOptions options;
};

using Paths = std::vector<std::string>;

} // namespace

TEST_CASE("every depth is searched, other people's code is not") {
    Tree tree;
    for (const char* path : {".env", "a/b/c/d/e/.env.local", ".devcontainer/.env", "a/.env.example",
                             "node_modules/x/.env", "venv2/pyvenv.cfg", "venv2/lib/.env",
                             "other/.git/config", "other/.env", "a/environment"})
        tree.add(path);
    CHECK(tree.look() == Paths{".devcontainer/.env", ".env", "a/b/c/d/e/.env.local"});
}

TEST_CASE("what changed since the last look is seen") {
    Tree tree;
    tree.options.cache = tree.top + "/folders";
    tree.add("a/b/.env");
    tree.add("c/file");
    tree.age();
    CHECK(tree.look() == Paths{"a/b/.env"});
    CHECK(tree.look() == Paths{"a/b/.env"});
    tree.add("c/d/e/.env");
    CHECK(tree.look() == Paths{"a/b/.env", "c/d/e/.env"});
    fs::remove_all(tree.options.root + "/a");
    CHECK(tree.look() == Paths{"c/d/e/.env"});
    fs::remove(tree.options.root + "/c/d/e/.env");
    CHECK(tree.look().empty());
    REQUIRE(stanch::os::write_file(tree.options.cache, "damaged"));
    tree.add(".env");
    CHECK(tree.look() == Paths{".env"});
}

TEST_CASE("of a large tree the far folders are looked at in turn") {
    Tree tree;
    tree.options.cache = tree.top + "/folders";
    tree.options.always = 10;
    tree.options.slice = 5;
    for (int i = 0; i < 40; ++i)
        tree.add("many/" + std::to_string(i) + "/file");
    tree.age();
    CHECK(tree.look().empty());
    tree.add("many/39/.env");
    bool found = false;
    for (int look = 0; look < 8; ++look)
        found = found || tree.look() == Paths{"many/39/.env"};
    CHECK(found);
    CHECK(tree.look() == Paths{"many/39/.env"});
}

TEST_CASE("all of a large tree, where that was asked for, and what is beyond the limit is told") {
    Tree tree;
    tree.options.cache = tree.top + "/folders";
    tree.options.always = 5;
    tree.options.slice = 1;
    for (int i = 0; i < 40; ++i)
        tree.add("many/" + std::to_string(i) + "/file");
    tree.age();
    CHECK(tree.look().empty());
    tree.add("many/39/.env");
    tree.options.all = true;
    CHECK(tree.look() == Paths{"many/39/.env"});
    CHECK_FALSE(env::find_env_files(tree.options).cut);
    tree.options.cache = {};
    tree.options.most = 10;
    CHECK(env::find_env_files(tree.options).cut);
}
