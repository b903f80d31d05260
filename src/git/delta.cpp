#include "git/delta.h"

#include "git/bytes.h"

#include <cstring>

namespace stanch::git {
namespace {

class Builder {
  public:
    Builder(std::string_view base, std::span<char> result, std::vector<CopyRun>& copies)
        : base_(base), result_(result), copies_(copies) {}

    // Bit 7 set: copy; the low bits say which bytes of offset and size follow.
    bool copy(ByteReader& in, std::uint8_t command) {
        std::uint64_t from = 0;
        std::uint64_t size = 0;
        for (unsigned i = 0; i < 4; ++i)
            if ((command >> i & 1U) != 0) from |= std::uint64_t{in.u8()} << (8 * i);
        for (unsigned i = 0; i < 3; ++i)
            if ((command >> (4 + i) & 1U) != 0) size |= std::uint64_t{in.u8()} << (8 * i);
        if (size == 0) size = 0x10000;
        if (!in.ok() || from > base_.size() || size > base_.size() - from) return false;
        if (size > result_.size() - at_) return false;
        note_copy(from, size);
        std::memcpy(result_.data() + at_, base_.data() + from, size);
        at_ += size;
        return true;
    }

    bool insert(std::string_view bytes) {
        if (bytes.size() > result_.size() - at_) return false;
        std::memcpy(result_.data() + at_, bytes.data(), bytes.size());
        at_ += bytes.size();
        return true;
    }

    [[nodiscard]] bool complete() const { return at_ == result_.size(); }

  private:
    void note_copy(std::uint64_t from, std::uint64_t size) {
        if (!copies_.empty()) {
            CopyRun& last = copies_.back();
            if (last.to + last.size == at_ && last.from + last.size == from) {
                last.size += size;
                return;
            }
        }
        copies_.push_back({at_, from, size});
    }

    std::string_view base_;
    std::span<char> result_;
    std::vector<CopyRun>& copies_;
    std::size_t at_ = 0;
};

} // namespace

std::optional<DeltaSizes> delta_sizes(std::string_view delta) {
    ByteReader in(delta);
    DeltaSizes sizes;
    sizes.base = in.size_number();
    sizes.result = in.size_number();
    return in.ok() ? std::optional(sizes) : std::nullopt;
}

bool apply_delta(std::string_view base, std::string_view delta, std::span<char> result,
                 std::vector<CopyRun>& copies) {
    copies.clear();
    ByteReader in(delta);
    if (in.size_number() != base.size() || in.size_number() != result.size() || !in.ok())
        return false;
    Builder builder(base, result, copies);
    while (!in.done()) {
        const std::uint8_t command = in.u8();
        if (command == 0) return false; // reserved
        if ((command & 0x80U) != 0) {
            if (!builder.copy(in, command)) return false;
        } else {
            const std::string_view bytes = in.take(command);
            if (!in.ok() || !builder.insert(bytes)) return false;
        }
    }
    return in.ok() && builder.complete();
}

} // namespace stanch::git
