// Reading foreign bytes, big-endian as all of Git's binary files are, never past their end.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace stanch::git {

template <class Number>
Number load_big_endian(const char* from) {
    Number value = 0;
    std::memcpy(&value, from, sizeof value);
    return std::byteswap(value); // the machines we build for are little-endian
}
static_assert(std::endian::native == std::endian::little);

// Reads on through a text; once something was missing, ok() stays false and every further read
// gives zero or empty.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool done() const { return rest_.empty(); }
    [[nodiscard]] std::string_view rest() const { return rest_; }

    std::string_view take(std::size_t size) {
        if (size > rest_.size()) return failed();
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    template <class Number>
    Number number() {
        const std::string_view bytes = take(sizeof(Number));
        return ok_ ? load_big_endian<Number>(bytes.data()) : Number{0};
    }
    std::uint8_t u8() {
        const std::string_view byte = take(1);
        return ok_ ? static_cast<std::uint8_t>(byte[0]) : std::uint8_t{0};
    }
    std::uint16_t u16() { return number<std::uint16_t>(); }
    std::uint32_t u32() { return number<std::uint32_t>(); }
    std::uint64_t u64() { return number<std::uint64_t>(); }

    // Up to a terminator, which is taken and not returned.
    std::string_view until(char terminator) {
        const std::size_t end = rest_.find(terminator);
        if (end == std::string_view::npos) return failed();
        const std::string_view taken = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return taken;
    }

    // The variable-length number of OFS_DELTA and index version 4: seven bits a byte, most
    // significant first, one added at each continuation.
    std::uint64_t offset_number() {
        std::uint8_t byte = u8();
        std::uint64_t value = byte & 0x7FU;
        while (ok_ && (byte & 0x80U) != 0) {
            if (value >= (std::uint64_t{1} << 56)) return failed(), 0;
            byte = u8();
            value = ((value + 1) << 7) | (byte & 0x7FU);
        }
        return ok_ ? value : 0;
    }

    // The other one, of pack entries and delta sizes: seven bits a byte, least significant first.
    std::uint64_t size_number(std::uint64_t value = 0, unsigned shift = 0) {
        std::uint8_t byte = 0x80;
        while (ok_ && (byte & 0x80U) != 0) {
            byte = u8();
            if (shift > 57) return failed(), 0;
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            shift += 7;
        }
        return ok_ ? value : 0;
    }

  private:
    std::string_view failed() {
        ok_ = false;
        rest_ = {};
        return {};
    }

    std::string_view rest_;
    bool ok_ = true;
};

} // namespace stanch::git
