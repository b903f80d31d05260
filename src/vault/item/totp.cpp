#include "vault/item/totp.h"

#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <optional>
#include <string>

namespace stanch::vault {
namespace {

struct Parameters {
    std::string secret; // base32
    std::string algorithm = "SHA1";
    int digits = 6;
    int period = 30;
    bool steam = false;
};

std::unexpected<Error> unreadable() {
    return fail(ErrorKind::invalid, "the item's one-time-code seed is not one that can be read");
}

std::optional<Secret> base32_decode(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == '=') continue;
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        int value = -1;
        if (upper >= 'A' && upper <= 'Z') value = upper - 'A';
        if (upper >= '2' && upper <= '7') value = upper - '2' + 26;
        if (value < 0) return std::nullopt;
        bits = bits << 5 | static_cast<std::uint32_t>(value);
        count += 5;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xff);
    }
    Secret secret(bytes);
    wipe(bytes);
    if (secret.empty()) return std::nullopt;
    return secret;
}

bool read_number(std::string_view text, int lowest, int highest, int& out) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    return failed == std::errc() && end == text.data() + text.size() && out >= lowest &&
           out <= highest;
}

bool take(Parameters& p, std::string_view name, const std::string& value) {
    if (name == "secret") p.secret = value;
    if (name == "algorithm") {
        p.algorithm = value;
        std::ranges::transform(p.algorithm, p.algorithm.begin(),
                               [](unsigned char c) { return std::toupper(c); });
    }
    if (name == "digits") return read_number(value, 1, 10, p.digits);
    if (name == "period") return read_number(value, 1, 86400, p.period);
    return true;
}

std::optional<Parameters> parse(std::string_view seed) {
    Parameters p;
    if (seed.starts_with("steam://")) {
        p.secret = seed.substr(8);
        p.steam = true;
        p.digits = 5;
        return p;
    }
    if (!seed.starts_with("otpauth://")) {
        p.secret = seed;
        return p;
    }
    std::string_view query = seed.substr(std::min(seed.size(), seed.find('?')));
    while (!query.empty()) {
        query.remove_prefix(1);
        const std::string_view pair = query.substr(0, query.find('&'));
        const auto equals = pair.find('=');
        const auto value =
            text::percent_decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
        if (!value || !take(p, pair.substr(0, equals), *value)) return std::nullopt;
        query.remove_prefix(pair.size());
    }
    return p;
}

const EVP_MD* hash_named(const std::string& name) {
    if (name == "SHA1") return EVP_sha1();
    if (name == "SHA256") return EVP_sha256();
    if (name == "SHA512") return EVP_sha512();
    return nullptr;
}

std::string code_of(std::uint32_t number, const Parameters& p) {
    constexpr std::string_view steam = "23456789BCDFGHJKMNPQRTVWXY";
    std::string code;
    for (int i = 0; i < p.digits; ++i) {
        const std::size_t base = p.steam ? steam.size() : 10;
        const char digit = p.steam ? steam[number % base] : static_cast<char>('0' + number % base);
        code.insert(p.steam ? code.end() : code.begin(), digit);
        number /= static_cast<std::uint32_t>(base);
    }
    return code;
}

} // namespace

Result<Secret> totp_code(const Secret& seed, std::int64_t now) {
    auto p = parse(seed.reveal());
    if (!p) return unreadable();
    const auto key = base32_decode(p->secret);
    wipe(p->secret);
    const EVP_MD* hash = hash_named(p->algorithm);
    if (!key || hash == nullptr) return unreadable();
    std::array<unsigned char, 8> counter{};
    const auto step = static_cast<std::uint64_t>(now / p->period);
    for (std::size_t i = 0; i < 8; ++i)
        counter[i] = static_cast<unsigned char>(step >> (56 - 8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    HMAC(hash, key->reveal().data(), static_cast<int>(key->size()), counter.data(), counter.size(),
         mac.data(), &size);
    const std::size_t at = mac.at(size - 1) & 15U;
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8 | mac.at(at + i);
    std::string code = code_of(number & 0x7fffffffU, *p);
    Secret secret(code);
    wipe(code);
    return secret;
}

} // namespace stanch::vault
