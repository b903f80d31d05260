#include "os/atomic_file.h"
#include "os/file.h"
#include "os/process.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/stat.h>

namespace os = stanch::os;

namespace {

struct Folder {
    std::string path = (std::filesystem::temp_directory_path() / "stanch-test-XXXXXX").string();
    Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

} // namespace

TEST_CASE("a file is replaced in one step, private, without leftovers") {
    const Folder folder;
    const std::string path = folder.path + "/a";
    REQUIRE(os::write_file(path, "one"));
    REQUIRE(os::write_file(path, "two"));
    CHECK(os::read_file(path) == "two");
    struct stat info{};
    REQUIRE(stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
}

TEST_CASE("what is not a regular file is refused, not waited for") {
    const Folder folder;
    const std::string path = folder.path + "/fifo";
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    CHECK_FALSE(os::read_file(path));
    CHECK(os::read_file(folder.path + "/none").error().kind == stanch::ErrorKind::not_found);
}

TEST_CASE("a program's input, output, code and time-out") {
    os::Command command;
    command.arguments = {"sh", "-c", "cat; echo bad >&2; exit 7"};
    command.input = std::string(300'000, 'x');
    const auto outcome = os::run(command);
    REQUIRE(outcome);
    CHECK(outcome->exit_code == 7);
    CHECK(outcome->output == command.input);
    CHECK(outcome->errors == "bad\n");

    command.arguments = {"sleep", "20"};
    command.timeout = std::chrono::milliseconds(50);
    CHECK(os::run(command).error().kind == stanch::ErrorKind::incomplete);
    command.arguments = {"no-such-program-here"};
    CHECK(os::run(command).error().kind == stanch::ErrorKind::not_found);
}

TEST_CASE("an atomic file never takes the place of a device or a pipe") {
    const Folder folder;
    const std::string path = folder.path + "/fifo";
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    CHECK(os::AtomicFile::create(path).error().kind == stanch::ErrorKind::usage);
    struct stat info{};
    REQUIRE(stat(path.c_str(), &info) == 0);
    CHECK(S_ISFIFO(info.st_mode));
}
