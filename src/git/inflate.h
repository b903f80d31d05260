// zlib streams, whole, through libdeflate. One Inflater a thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

struct libdeflate_decompressor;

namespace stanch::git {

class Inflater {
  public:
    Inflater();

    // Fills `out` exactly. False where the stream is damaged (its Adler-32 included), or is longer
    // or shorter than that. Bytes behind the stream's end do not matter.
    bool inflate(std::string_view compressed, std::span<char> out);
    // The same; `used` is where the stream ends.
    bool inflate(std::string_view compressed, std::span<char> out, std::size_t& used);
    // The stream's content, if it fits into `out` and nothing stands behind it; its size comes
    // back. `too_small` tells a stream that needs more room from a damaged one.
    std::optional<std::size_t> inflate_up_to(std::string_view compressed, std::span<char> out,
                                             bool& too_small);

  private:
    struct Free {
        void operator()(libdeflate_decompressor* decompressor) const;
    };
    std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

// CRC-32 as pack indexes (and gzip) have it.
std::uint32_t crc32(std::string_view bytes);

} // namespace stanch::git
