// Numbers and texts as the files of a cache have them: big-endian, sizes before texts.
#pragma once

#include "core/secret.h"
#include "git/bytes.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace stanch::scan {

// `to` may hold secrets: a buffer that is outgrown is wiped.
inline void append_wiping(std::string& to, std::string_view more) {
    if (to.size() + more.size() > to.capacity()) {
        std::string larger;
        larger.reserve(std::max(2 * to.capacity(), to.size() + more.size()));
        larger += to;
        wipe(to);
        to = std::move(larger);
    }
    to += more;
}

class CacheWriter {
  public:
    void number(std::uint32_t value) {
        value = std::byteswap(value);
        append_wiping(out, {reinterpret_cast<const char*>(&value), sizeof value});
    }
    void large(std::uint64_t value) {
        number(static_cast<std::uint32_t>(value >> 32));
        number(static_cast<std::uint32_t>(value));
    }
    void text(std::string_view value) {
        number(static_cast<std::uint32_t>(value.size()));
        append_wiping(out, value);
    }

    std::string out;
};

// Past the end everything is empty or 0, and in.ok() is false from then on.
class CacheReader {
  public:
    explicit CacheReader(std::string_view bytes) : in(bytes) {}

    std::string text() { return std::string(in.take(in.u32())); }
    // How many of something of at least this size follow; 0 where they cannot.
    std::uint32_t count(std::size_t least) {
        const std::uint32_t value = in.u32();
        if (value <= in.rest().size() / least) return value;
        in.take(std::string_view::npos);
        return 0;
    }
    std::uint32_t checked(std::uint32_t limit) {
        const std::uint32_t value = in.u32();
        if (value >= limit) in.take(std::string_view::npos);
        return value < limit ? value : 0;
    }

    git::ByteReader in;
};

} // namespace stanch::scan
