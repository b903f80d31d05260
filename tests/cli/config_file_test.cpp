#include "cli/config_file.h"

#include "os/file.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <unistd.h>

using namespace stanch;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path;

    Folder() {
        std::string name = (fs::temp_directory_path() / "stanch-config-XXXXXX").string();
        path = mkdtemp(name.data());
        fs::create_directories(path / ".git");
        fs::create_directories(path / "a/b");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path); }

    void write(const std::string& name, std::string_view text) const {
        REQUIRE(os::write_file((path / name).string(), text));
    }
    [[nodiscard]] Result<cli::ConfigFile> load(const std::string& from) const {
        return cli::load_config((path / from).string());
    }
};

} // namespace

TEST_CASE("the nearest configuration upward is found, and the search ends at the repository") {
    const Folder outer;
    outer.write("stanch.toml", "[scan]\nthreads = 1\n");
    fs::create_directories(outer.path / "a/.git");
    CHECK_FALSE(outer.load("a/b")->found());
    outer.write("a/b/stanch.toml", "[scan]\nthreads = 2\n");
    auto file = outer.load("a/b");
    REQUIRE(file);
    CHECK(file->directory == (outer.path / "a/b").string());
    CHECK(file->root.table("scan").integer("threads") == 2);
    CHECK(outer.load(".")->root.table("scan").integer("threads") == 1);
}

TEST_CASE("a file's folder is where its search starts, a trailing slash changes nothing") {
    const Folder folder;
    folder.write("a/stanch.toml", "");
    folder.write("a/b/x.py", "");
    CHECK(folder.load("a/b/x.py")->path == (folder.path / "a/stanch.toml").string());
    CHECK(folder.load("a/b/")->path == (folder.path / "a/stanch.toml").string());
}

TEST_CASE("pyproject.toml counts where it has our table, and may be broken where it has not") {
    const Folder folder;
    folder.write("a/b/pyproject.toml", "this is = not [toml");
    CHECK_FALSE(folder.load("a/b")->found());
    folder.write("a/pyproject.toml",
                 "[tool.black]\nline-length = 90\n[tool.stanch.scan]\nthreads = 3\n");
    auto file = folder.load("a/b");
    REQUIRE(file);
    CHECK(file->root.table("scan").integer("threads") == 3);
    folder.write("a/stanch.toml", "[scan]\nthreads = 4\n");
    CHECK(folder.load("a/b")->root.table("scan").integer("threads") == 4);
}

TEST_CASE("an unknown section is an error with the nearest known one") {
    const Folder folder;
    folder.write("stanch.toml", "\n[scann]\nthreads = 1\n");
    const auto file = folder.load(".");
    REQUIRE_FALSE(file);
    CHECK(file.error().what.find("unknown key 'scann'") != std::string::npos);
    CHECK(file.error().hint.find("scan") != std::string::npos);
    CHECK(file.error().where.find("stanch.toml:2") != std::string::npos);
}

TEST_CASE("broken TOML has line and column; --config must exist") {
    const Folder folder;
    folder.write("stanch.toml", "[scan]\nthreads = = 1\n");
    const auto file = folder.load(".");
    REQUIRE_FALSE(file);
    CHECK(file.error().where.find("stanch.toml:2:") != std::string::npos);
    CHECK(cli::load_config(".", (folder.path / "none.toml").string()).error().kind ==
          ErrorKind::not_found);
}

TEST_CASE("the manifest comes with it") {
    const Folder folder;
    folder.write("stanch.toml",
                 "[credential.DB_PASSWORD]\nprovider = \"postgres\"\nservice = \"api\"\n");
    const auto file = folder.load(".");
    REQUIRE(file);
    REQUIRE(file->manifest.find("DB_PASSWORD") != nullptr);
    CHECK(file->manifest.find("DB_PASSWORD")->provider == "postgres");
}
