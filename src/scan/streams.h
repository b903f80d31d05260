// Private to the room: streams over other things.
#pragma once

#include "scan/worker.h"
#include "text/utf16.h"

namespace stanch::scan {

// UTF-16 behind `begun` and a stream, as UTF-8.
class Utf16Stream : public ByteStream {
  public:
    Utf16Stream(std::string begun, ByteStream& rest, text::ByteOrder order)
        : raw_(std::move(begun)), rest_(rest), order_(order) {}
    Result<std::size_t> read(std::span<char> buffer) override;

  private:
    Result<void> refill();

    std::string raw_; // not decoded yet
    ByteStream& rest_;
    text::ByteOrder order_;
    std::string utf8_; // decoded, from `given_` on not handed out yet
    std::size_t given_ = 0;
    bool ended_ = false;
};

// `begun` and the rest of its stream in one piece of memory, of at most about `most` bytes: else
// `too_large`.
Result<std::string> hold(std::string_view begun, ByteStream& rest, std::uint64_t most,
                         const Error& too_large);

} // namespace stanch::scan
