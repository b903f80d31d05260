// What one thread looks at contents with: a matcher, buffers that are reused, and the readers of
// containers.
//
// A content is anything with bytes: a file, a blob, a member of an archive, standard input.
// look_at() tells by the first bytes what it is, and takes it apart: byte order marks and UTF-16
// and UTF-32 are decoded, notebooks become cells, SQLite databases rows, archives their members and
// Git's packs and bundles their objects (which are looked at in turn). All else is matched as it
// is, binary files too. What can't be taken apart is matched raw and noted.
//
// A content that fits into one buffer (worker_buffer bytes) is matched whole; a larger one in
// overlapping pieces, so that memory does not grow with it, and lines are counted through.
//
// Not thread-safe: one Worker a thread.
#pragma once

#include "core/result.h"
#include "scan/engine.h"
#include "scan/source.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stanch::scan {

// Where a content stands: `path` relative to the project, as rules and allowlists read it; `shown`
// as the user would type it, as reports print it.
struct Place {
    std::string path;
    std::string shown;

    // "a.zip" and "inner/file" make "a.zip!inner/file".
    [[nodiscard]] Place inside(std::string_view member) const;
};

// Bytes one after the other. read() fills as much of `buffer` as it can: fewer bytes than its size
// mean the end.
class ByteStream {
  public:
    virtual ~ByteStream() = default;
    virtual Result<std::size_t> read(std::span<char> buffer) = 0;
    // Where it can be read at any place: its size, and the reading. Reading so moves nothing.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
    virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer);
    // The open file behind it, for a library that opens files itself; -1 where there is none.
    [[nodiscard]] virtual int descriptor() const { return -1; }
};

// What the first bytes (and the name) of a content say that it is.
enum class Shape {
    plain,
    utf8_bom,
    utf16_le,
    utf16_be,
    utf32_le,
    utf32_be,
    notebook,
    sqlite,
    archive,
    git
};
Shape shape_of(std::string_view head, std::string_view path);

inline constexpr std::size_t worker_buffer = std::size_t{4} << 20;

class Worker {
  public:
    Worker(const Engine& engine, const ScanOptions& options);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // A content that is in memory as a whole.
    void look_at(const Place& place, std::string_view content, Outcome& outcome);
    // A content of any size.
    void look_at(const Place& place, ByteStream& stream, Outcome& outcome);

    // For sources that find hits on their own (a history, from its deltas): confirm() of the
    // matcher, then allow comments and the shown path. `content` is plain text, whole.
    Matcher& matcher();
    void confirm(const Place& place, std::string_view content, std::span<const Hit> hits,
                 Outcome& outcome);

    struct State;
    [[nodiscard]] State& state() { return *state_; }

  private:
    std::unique_ptr<State> state_;
};

} // namespace stanch::scan
