#include "catalog/checksum.h"

#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <optional>

namespace stanch::catalog {
namespace {

constexpr std::string_view base62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

constexpr auto crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = value >> 1 ^ ((value & 1) != 0 ? 0xedb88320U : 0);
        table[i] = value;
    }
    return table;
}();

Check proved_if(bool right) {
    return right ? Check::proved : Check::failed;
}
Check passed_if(bool right) {
    return right ? Check::passed : Check::failed;
}

// prefix + '_' + 30 characters + 6 of their CRC-32.
Check crc_tail(std::string_view secret) {
    const std::size_t underscore = secret.find('_');
    if (underscore == std::string_view::npos) return Check::failed;
    const std::string_view body = secret.substr(underscore + 1);
    if (body.size() <= 6) return Check::failed;
    const std::string_view random = body.substr(0, body.size() - 6);
    return proved_if(crc32_base62(random) == body.substr(body.size() - 6));
}

// ISO/IEC 7812-1: payment card numbers.
Check luhn(std::string_view secret) {
    int sum = 0;
    int digits = 0;
    for (auto at = secret.rbegin(); at != secret.rend(); ++at) {
        if (*at == ' ' || *at == '-') continue;
        if (*at < '0' || *at > '9') return Check::failed;
        const int digit = (*at - '0') * (digits % 2 == 0 ? 1 : 2);
        sum += digit > 9 ? digit - 9 : digit;
        ++digits;
    }
    return passed_if(digits > 1 && sum % 10 == 0);
}

std::optional<std::string> decode_any(std::string_view text) {
    if (auto plain = text::base64_decode(text, text::Base64::standard, true)) return plain;
    return text::base64_decode(text, text::Base64::url, true);
}

bool json_object(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{' && text[last] == '}' &&
           text.find('"') != std::string_view::npos;
}

Check base64_json(std::string_view secret) {
    const auto plain = decode_any(secret);
    return passed_if(plain && json_object(*plain));
}

// RFC 7519: header.payload.signature, the first two JSON objects in base64url without padding.
Check jwt(std::string_view secret) {
    const std::size_t first = secret.find('.');
    if (first == std::string_view::npos) return Check::failed;
    const std::size_t second = secret.find('.', first + 1);
    if (second == std::string_view::npos) return Check::failed;
    const auto header = text::base64_decode(secret.substr(0, first), text::Base64::url, true);
    const auto payload =
        text::base64_decode(secret.substr(first + 1, second - first - 1), text::Base64::url, true);
    return passed_if(header && json_object(*header) &&
                     header->find("\"alg\"") != std::string::npos && payload &&
                     json_object(*payload));
}

// The base64 between the lines, whatever separates them: newlines, "\n" as two characters, quotes,
// spaces.
std::string pem_body(std::string_view text) {
    std::string body;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r'))
            ++i;
        else if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                 c == '+' || c == '/')
            body += c;
    }
    return body;
}

// RFC 7468 and RFC 1421 §4.6: drops "Proc-Type: 4,ENCRYPTED" and the like, up to the empty line
// behind them.
std::string_view without_headers(std::string_view body) {
    const std::size_t colon = body.find(": ");
    if (colon == std::string_view::npos) return body;
    for (const std::string_view gap : {"\n\n", "\r\n\r\n", "\\n\\n"})
        if (const std::size_t at = body.find(gap, colon); at != std::string_view::npos)
            return body.substr(at + gap.size());
    return body;
}

Check pem(std::string_view secret) {
    const std::size_t begin = secret.find("-----BEGIN ");
    if (begin == std::string_view::npos) return Check::failed;
    const std::size_t label_end = secret.find("-----", begin + 11);
    if (label_end == std::string_view::npos) return Check::failed;
    const std::size_t end = secret.find("-----END", label_end);
    const std::string_view inside =
        secret.substr(label_end + 5, end == std::string_view::npos ? end : end - label_end - 5);
    const std::string body = pem_body(without_headers(inside));
    // The shortest private key there is (Ed25519, PKCS #8) has 64 characters.
    return passed_if(body.size() >= 40);
}

// RFC 3986 §3.2.1: a scheme, and a password between ':' and '@'.
Check url_userinfo(std::string_view secret) {
    const std::size_t scheme = secret.find("://");
    const std::size_t at = secret.rfind('@');
    if (scheme == std::string_view::npos || at == std::string_view::npos || at < scheme)
        return Check::failed;
    const std::size_t colon = secret.find(':', scheme + 3);
    return passed_if(colon != std::string_view::npos && colon + 1 < at);
}

// A macaroon of version 2 (github.com/rescrv/libmacaroons/blob/master/doc/format.txt): 0x02, then
// packets of type, length, data; PyPI's tokens are one in base64url behind "pypi-".
Check macaroon(std::string_view secret) {
    const std::size_t dash = secret.find('-');
    const std::string_view body = dash < 8 ? secret.substr(dash + 1) : secret;
    const auto bytes = decode_any(body);
    if (!bytes || bytes->size() < 40 || (*bytes)[0] != 2) return Check::failed;
    const auto length = static_cast<unsigned char>((*bytes)[2]);
    return passed_if(((*bytes)[1] == 1 || (*bytes)[1] == 2) && length + 3U < bytes->size());
}

// RFC 7617 §2: "user:password" in base64.
Check userinfo_base64(std::string_view secret) {
    const auto plain = text::base64_decode(secret, text::Base64::standard, true);
    if (!plain) return Check::failed;
    const std::size_t colon = plain->find(':');
    return passed_if(colon != std::string::npos && colon + 1 < plain->size() &&
                     std::ranges::all_of(*plain, [](char c) { return c >= ' ' && c <= '~'; }));
}

// RFC 4648 §4, strictly.
Check base64(std::string_view secret) {
    return passed_if(text::base64_decode(secret, text::Base64::standard).has_value());
}

// Grafana's service account tokens: glsa_, 32 characters, _ and the CRC-32 of all before that, in
// hex, the least significant byte first.
Check grafana_crc32(std::string_view secret) {
    const std::size_t tail = secret.rfind('_');
    if (tail == std::string_view::npos || secret.size() - tail != 9) return Check::failed;
    std::uint32_t sum = crc32(secret.substr(0, tail));
    std::string bytes;
    for (int i = 0; i < 4; ++i, sum >>= 8U)
        bytes += static_cast<char>(sum & 0xFFU);
    return text::hex_encode(bytes) == secret.substr(tail + 1) ? Check::proved : Check::failed;
}

bool hex_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// RFC 9562 §4; the nil and the max UUID are nobody's key.
Check uuid(std::string_view secret) {
    if (secret.size() != 36) return Check::failed;
    for (std::size_t i = 0; i < secret.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? secret[i] != '-' : !hex_digit(secret[i])) return Check::failed;
    }
    return passed_if(std::ranges::count(secret, secret[0]) < 30);
}

constexpr std::array all = {
    Verifier{"github-crc32", "the CRC-32 in it is right", crc_tail},
    Verifier{"npm-crc32", "the CRC-32 in it is right", crc_tail},
    Verifier{"luhn", "its check digit is right", luhn},
    Verifier{"jwt", "its header and payload are JSON", jwt},
    Verifier{"base64-json", "it decodes to JSON", base64_json},
    Verifier{"pem", "it holds a key's base64", pem},
    Verifier{"url-userinfo", "it is a URL with a password", url_userinfo},
    Verifier{"macaroon", "it decodes to a macaroon", macaroon},
    Verifier{"grafana-crc32", "the CRC-32 in it is right", grafana_crc32},
    Verifier{"userinfo-base64", "it decodes to a user and a password", userinfo_base64},
    Verifier{"base64", "it is base64", base64},
    Verifier{"uuid", "it is a UUID", uuid},
};

} // namespace

std::uint32_t crc32(std::string_view text) {
    std::uint32_t value = 0xffffffffU;
    for (const char c : text)
        value = value >> 8 ^ crc_table[(value ^ static_cast<unsigned char>(c)) & 0xff];
    return ~value;
}

std::string crc32_base62(std::string_view text) {
    std::string digits(6, '0');
    std::uint32_t rest = crc32(text);
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, rest /= 62)
        *at = base62[rest % 62];
    return digits;
}

std::span<const Verifier> verifiers() {
    return all;
}

const Verifier* find_verifier(std::string_view name) {
    const auto at = std::ranges::find(all, name, &Verifier::name);
    return at == all.end() ? nullptr : &*at;
}

} // namespace stanch::catalog
