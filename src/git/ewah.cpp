#include "git/ewah.h"

namespace stanch::git {
namespace {

// A marker word: one repeated bit, how often (in words), and how many literal words follow.
struct Marker {
    bool bit;
    std::uint64_t repeated;
    std::uint64_t literals;

    explicit Marker(std::uint64_t word)
        : bit((word & 1U) != 0), repeated((word >> 1) & 0xFFFFFFFFU), literals(word >> 33) {}
};

class Filler {
  public:
    explicit Filler(std::vector<bool>& bits) : bits_(bits) {}

    bool repeat(bool bit, std::uint64_t words) {
        if (bit)
            for (std::uint64_t i = 0; i < words; ++i)
                if (!word(~std::uint64_t{0})) return false;
        if (!bit) at_ += words * 64;
        return true;
    }

    bool word(std::uint64_t value) {
        for (unsigned bit = 0; bit < 64; ++bit, ++at_) {
            if (((value >> bit) & 1U) == 0) continue;
            if (at_ >= limit_) return false;
            if (at_ < bits_.size()) bits_[at_] = true;
        }
        return true;
    }

    void limit(std::uint64_t bits) { limit_ = bits; }

  private:
    std::vector<bool>& bits_;
    std::uint64_t at_ = 0;
    std::uint64_t limit_ = 0;
};

} // namespace

bool read_ewah(ByteReader& in, std::vector<bool>& bits) {
    const std::uint32_t bit_size = in.u32();
    std::uint64_t words = in.u32();
    if (!in.ok() || bit_size > bits.size() + 64 || words > in.rest().size() / 8) return false;
    Filler filler(bits);
    // A run of ones is written in whole words, the last of which may reach past the end.
    filler.limit((std::uint64_t{bit_size} + 63) / 64 * 64);
    while (words > 0) {
        const Marker marker(in.u64());
        --words;
        if (marker.literals > words || marker.repeated * 64 > std::uint64_t{bit_size} + 64)
            return false;
        if (!filler.repeat(marker.bit, marker.repeated)) return false;
        for (std::uint64_t i = 0; i < marker.literals; ++i)
            if (!filler.word(in.u64())) return false;
        words -= marker.literals;
    }
    in.u32(); // where the last marker is: for appending
    return in.ok();
}

} // namespace stanch::git
