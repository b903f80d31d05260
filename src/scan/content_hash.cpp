// Folded multiplication, four lanes of 16 bytes: each word is masked with a key of its own before
// it is multiplied, as in NH (UMAC, RFC 4418), and the lanes go on with what they had.
#include "scan/content_hash.h"

#include <cstring>
#include <random>

namespace stanch::scan {
namespace {

constexpr std::size_t block = 64;

std::uint64_t word(const char* at) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

} // namespace

ContentHash::ContentHash() {
    std::random_device random;
    for (std::uint64_t& key : keys_)
        key = std::uint64_t{random()} << 32 | random();
}

std::uint64_t ContentHash::of(std::string_view bytes, std::uint64_t salt) const {
    std::array<std::uint64_t, 4> lanes{salt, keys_[8], bytes.size(), keys_[9]};
    const auto take = [&](const char* at) {
        for (std::size_t i = 0; i < lanes.size(); ++i)
            lanes[i] = fold(word(at + 16 * i) ^ keys_[2 * i], word(at + 16 * i + 8) ^ lanes[i]) +
                       keys_[2 * i + 1];
    };
    std::size_t at = 0;
    for (; at + block <= bytes.size(); at += block)
        take(bytes.data() + at);
    if (at < bytes.size()) {
        std::array<char, block> last{};
        std::memcpy(last.data(), bytes.data() + at, bytes.size() - at);
        take(last.data());
    }
    return fold(fold(lanes[0] ^ keys_[1], lanes[1] ^ keys_[3]) ^ keys_[5],
                fold(lanes[2] ^ keys_[7], lanes[3] ^ keys_[8]) ^ keys_[9]);
}

} // namespace stanch::scan
