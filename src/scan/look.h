// Private to the room: a worker from inside, as the readers of containers see it.
#pragma once

#include "scan/worker.h"

#include <optional>
#include <vector>

namespace stanch::scan {

// What may still be unpacked from the outermost content.
struct Budget {
    std::uint64_t bytes = 0;
    std::uint64_t members = 0;
};

class Buffer {
  public:
    [[nodiscard]] std::span<char> all() { return {data_.get(), worker_buffer}; }

  private:
    // Not zeroed: pages that are never used cost nothing.
    std::unique_ptr<char[]> data_{new char[worker_buffer]};
};

struct Worker::State {
    State(const Engine& of_engine, const ScanOptions& of_options)
        : engine(of_engine), options(of_options) {}

    const Engine& engine;
    const ScanOptions& options;
    std::optional<Matcher> matcher;
    std::vector<std::unique_ptr<Buffer>> buffers; // one for each level of nesting
    std::vector<Hit> hits;
    std::string decoded; // UTF-16 as UTF-8
    std::size_t level = 0;
    Budget budget;

    Matcher& match();
    // Any content, at the present level.
    void look(const Place& place, std::string_view content, Outcome& outcome);
    void look(const Place& place, ByteStream& stream, Outcome& outcome);
    // One text, matched as it is.
    void plain(const Place& place, std::string_view content, Outcome& outcome);
    // A part of a container: the same, one level deeper.
    void member(const Place& place, ByteStream& stream, Outcome& outcome);
    // One that is matched as it is, whatever its first bytes say.
    void raw_member(const Place& place, ByteStream& stream, Outcome& outcome);
    // The team's own secrets, among the findings from `first` on.
    void look_for_known(const Content& content, std::size_t first, Outcome& outcome);
    // Findings from `first` on are of this content: those that a comment allows go, the others get
    // their path.
    void settle(const Place& place, const Content& content, std::size_t first, Outcome& outcome);

  private:
    void whole(const Place& place, std::string_view content, int descriptor, Outcome& outcome);
    void large(const Place& place, std::span<char> buffer, ByteStream& stream, Outcome& outcome);
    void pieces(const Place& place, std::span<char> buffer, std::size_t filled, ByteStream& stream,
                Outcome& outcome);
    // The findings of a piece that begin in [begin, end), offsets of the whole.
    void piece(const Content& content, const Place& place, std::uint64_t begin, std::uint64_t end,
               Outcome& outcome);
    void utf16(const Place& place, std::string_view content, Shape shape, Outcome& outcome);
    void utf32(const Place& place, std::string_view content, Shape shape, Outcome& outcome);
    Buffer& buffer();
};

} // namespace stanch::scan
