// Little-endian numbers and length-prefixed strings, for the cache file. Private to the room.
#pragma once

#include "core/wiped.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stanch::vault {

class ByteWriter {
  public:
    explicit ByteWriter(Bytes& out) : out_(out) {}

    template <class Number>
    void number(Number value) {
        for (std::size_t i = 0; i < sizeof value; ++i)
            out_.push_back(static_cast<char>(value >> (8 * i) & 0xff));
    }
    void raw(std::string_view bytes) { append(out_, bytes); }
    void string(std::string_view bytes) {
        number(static_cast<std::uint32_t>(bytes.size()));
        raw(bytes);
    }

  private:
    Bytes& out_;
};

// Reads past the end set failed() and give zeros.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : left_(bytes) {}

    template <class Number>
    Number number() {
        const std::string_view bytes = raw(sizeof(Number));
        Number value = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            value = static_cast<Number>(
                value | static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i));
        return value;
    }
    std::string_view raw(std::size_t size) {
        if (size > left_.size()) {
            failed_ = true;
            left_ = {};
            return {};
        }
        const std::string_view bytes = left_.substr(0, size);
        left_.remove_prefix(size);
        return bytes;
    }
    std::string_view string() { return raw(number<std::uint32_t>()); }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool at_end() const { return left_.empty(); }

  private:
    std::string_view left_;
    bool failed_ = false;
};

} // namespace stanch::vault
