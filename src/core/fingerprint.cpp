#include "core/fingerprint.h"

#include "core/secret.h"

#include <algorithm>
#include <cmath>
#include <sodium.h>

namespace stanch {
namespace {

// Domain separation, and room for a second scheme beside this one.
constexpr std::string_view digest_key = "stanch finding identity, v1";
constexpr double guessable_bits = 64;

// The bits that somebody who knows only the alphabet has to guess: an upper bound of the true
// entropy.
double alphabet_bits(std::string_view value) {
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool other = false;
    for (const char c : value) {
        if (c >= 'a' && c <= 'z')
            lower = true;
        else if (c >= 'A' && c <= 'Z')
            upper = true;
        else if (c >= '0' && c <= '9')
            digit = true;
        else
            other = true;
    }
    const int symbols = 26 * int{lower} + 26 * int{upper} + 10 * int{digit} + 32 * int{other};
    return symbols == 0 ? 0 : static_cast<double>(value.size()) * std::log2(symbols);
}

void add(crypto_generichash_state& state, std::string_view part) {
    std::array<unsigned char, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<unsigned char>(part.size() >> (8 * i));
    crypto_generichash_update(&state, length.data(), length.size());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
}

template <std::size_t N>
std::array<unsigned char, N> digest(auto&&... parts) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(digest_key.data()),
                            digest_key.size(), N);
    (add(state, parts), ...);
    std::array<unsigned char, N> out{};
    crypto_generichash_final(&state, out.data(), N);
    sodium_memzero(&state, sizeof state);
    return out;
}

} // namespace

Fingerprint Fingerprint::of(std::string_view rule, const Secret& secret, std::string_view context) {
    auto value = digest<16>(secret.reveal());
    if (alphabet_bits(secret.reveal()) < guessable_bits) {
        std::fill(value.begin() + 2, value.end(), 0);
        value[1] &= 0x0f;
    }
    Fingerprint result;
    result.bytes_ = digest<16>(
        rule, std::string_view(reinterpret_cast<const char*>(value.data()), value.size()), context);
    return result;
}

std::string Fingerprint::hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes_) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string Fingerprint::short_hex() const {
    return hex().substr(0, 8);
}

Result<Fingerprint> Fingerprint::parse(std::string_view hex) {
    Fingerprint result;
    auto nibble = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (hex.size() != 2 * result.bytes_.size())
        return fail(ErrorKind::invalid, "a fingerprint has 32 hex digits");
    for (std::size_t i = 0; i < result.bytes_.size(); ++i) {
        const int high = nibble(hex[2 * i]);
        const int low = nibble(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return fail(ErrorKind::invalid, "a fingerprint has lower-case hex digits only");
        result.bytes_[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return result;
}

} // namespace stanch
