#include "os/tree.h"

#include "os/atomic_file.h"

#include <array>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace stanch;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path;

    Folder() {
        std::string name = (fs::temp_directory_path() / "stanch-tree-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path); }

    [[nodiscard]] std::string at(const std::string& name) const { return (path / name).string(); }
};

} // namespace

TEST_CASE("a listing comes in the order of whole paths") {
    const Folder folder;
    fs::create_directory(folder.path / "a");
    for (const char* name : {"a.py", "a-b", "a0"})
        REQUIRE(os::write_file(folder.at(name), ""));
    auto directory = os::Directory::open(folder.path.string());
    REQUIRE(directory);
    os::Listing listing;
    CHECK_FALSE(*directory->list(listing, 100, "x"));
    listing.sort();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < listing.size(); ++i)
        names.emplace_back(listing.name(i));
    CHECK(names == std::vector<std::string>{"a-b", "a.py", "a", "a0"});
    CHECK(listing.kind(2) == os::NodeKind::directory);
}

TEST_CASE("a large folder comes in parts, every name once") {
    const Folder folder;
    for (int i = 0; i < 3000; ++i)
        REQUIRE(symlink("x", folder.at("n" + std::to_string(i)).c_str()) == 0);
    auto directory = os::Directory::open(folder.path.string());
    REQUIRE(directory);
    std::size_t count = 0;
    std::size_t parts = 0;
    for (bool more = true; more; ++parts) {
        os::Listing listing;
        more = *directory->list(listing, 500, "x");
        count += listing.size();
    }
    CHECK(count == 3000);
    CHECK(parts > 1);
}

TEST_CASE("what vanished, what became a link, and what is no file are errors") {
    const Folder folder;
    REQUIRE(os::write_file(folder.at("a"), "x"));
    REQUIRE(symlink("a", folder.at("link").c_str()) == 0);
    REQUIRE(mkfifo(folder.at("pipe").c_str(), 0600) == 0);
    const auto directory = os::Directory::open(folder.path.string());
    REQUIRE(directory);
    CHECK(os::InputFile::open_in(*directory, "a", "a"));
    CHECK(os::InputFile::open_in(*directory, "gone", "gone").error().what ==
          "vanished during the scan");
    CHECK_FALSE(os::InputFile::open_in(*directory, "link", "link"));
    CHECK(os::InputFile::open(folder.at("link")));
    CHECK(os::InputFile::open(folder.at("pipe")).error().kind == ErrorKind::incomplete);
    CHECK(os::InputFile::open("/proc/self/status").error().kind == ErrorKind::incomplete);
    CHECK_FALSE(os::InputFile::open(folder.at("gone")));
}

TEST_CASE("a file is read until the buffer is full or the file ends") {
    const Folder folder;
    REQUIRE(os::write_file(folder.at("a"), "hello world"));
    auto file = os::InputFile::open(folder.at("a"));
    REQUIRE(file);
    CHECK(file->size() == 11);
    std::array<char, 8> buffer{};
    CHECK(*file->read(buffer, "a") == 8);
    CHECK(*file->read(buffer, "a") == 3);
    CHECK(*file->read(buffer, "a") == 0);
}

TEST_CASE("an atomic file appears whole, private, or not at all") {
    const Folder folder;
    {
        auto file = os::AtomicFile::create(folder.at("out"));
        REQUIRE(file);
        REQUIRE(file->append("half"));
    }
    CHECK(fs::is_empty(folder.path));
    auto file = os::AtomicFile::create(folder.at("out"));
    REQUIRE(file->append("wh"));
    REQUIRE(file->append("ole"));
    CHECK_FALSE(fs::exists(folder.path / "out"));
    REQUIRE(file->commit());
    CHECK(*os::read_file(folder.at("out")) == "whole");
    struct stat info{};
    REQUIRE(stat(folder.at("out").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
}
