#include "scan/file_stream.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>
#include <vector>

using namespace stanch;
namespace fs = std::filesystem;

namespace {

struct OpenFile {
    std::string path =
        (fs::temp_directory_path() / ("stanch-stream-" + std::to_string(getpid()))).string();

    explicit OpenFile(std::size_t size) { std::ofstream(path) << std::string(size, 'x'); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() { fs::remove(path); }

    void grow() const { std::ofstream(path, std::ios::app) << "more"; }
    [[nodiscard]] scan::FileStream stream() const {
        return {std::move(*os::InputFile::open(path)), path};
    }
};

std::string told(const scan::FileStream& stream) {
    scan::Outcome outcome;
    stream.tell(outcome);
    return outcome.notes.empty() ? "" : outcome.notes.front().why;
}

} // namespace

TEST_CASE("a file that stays as it is tells nothing") {
    const OpenFile file(100);
    scan::FileStream stream = file.stream();
    std::vector<char> buffer(64);
    CHECK(*stream.read(buffer) == 64);
    CHECK(*stream.read(buffer) == 36);
    CHECK(told(stream).empty());
}

TEST_CASE("a file that grows or shrinks while it is read is told") {
    const OpenFile file(100);
    std::vector<char> buffer(64);
    scan::FileStream growing = file.stream();
    CHECK(*growing.read(buffer) == 64);
    file.grow();
    CHECK(*growing.read(buffer) == 40);
    CHECK(told(growing) == "grew while it was read");
    scan::FileStream shrinking = file.stream();
    CHECK(*shrinking.read(buffer) == 64);
    fs::resize_file(file.path, 70);
    CHECK(*shrinking.read(buffer) == 6);
    CHECK(told(shrinking) == "shrank while it was read");
}
