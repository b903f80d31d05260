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

} // namespace stanch::scan
