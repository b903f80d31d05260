#include "scan/streams.h"

#include <algorithm>
#include <cstring>

namespace stanch::scan {
namespace {
constexpr std::size_t block = std::size_t{256} << 10;
}

Result<std::size_t> ByteStream::read_at(std::uint64_t /*offset*/, std::span<char> /*buffer*/) {
    return fail(ErrorKind::internal, "this stream can only be read from its beginning");
}

Result<void> Utf16Stream::refill() {
    utf8_.clear();
    given_ = 0;
    if (raw_.size() < block) {
        const std::size_t before = raw_.size();
        raw_.resize(before + block);
        const auto more = rest_.read({raw_.data() + before, block});
        if (!more) return std::unexpected(more.error());
        raw_.resize(before + *more);
        ended_ = *more < block;
    }
    const bool last = ended_ && raw_.size() <= block;
    const std::size_t taken = text::append_utf16(
        std::string_view(raw_).substr(0, last ? raw_.size() : block), order_, last, utf8_);
    raw_.erase(0, taken);
    return {};
}

Result<std::size_t> Utf16Stream::read(std::span<char> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        if (given_ == utf8_.size()) {
            if (ended_ && raw_.empty()) break;
            STANCH_CHECK(refill());
        }
        const std::size_t n = std::min(buffer.size() - filled, utf8_.size() - given_);
        std::memcpy(buffer.data() + filled, utf8_.data() + given_, n);
        filled += n;
        given_ += n;
    }
    return filled;
}

Result<std::string> hold(std::string_view begun, ByteStream& rest, std::uint64_t most,
                         const Error& too_large) {
    std::string all(begun);
    while (true) {
        const std::size_t before = all.size();
        all.resize(before + block);
        STANCH_TRY(const std::size_t n, rest.read({all.data() + before, block}));
        all.resize(before + n);
        if (n < block) return all;
        if (all.size() > most) return std::unexpected(too_large);
    }
}

} // namespace stanch::scan
