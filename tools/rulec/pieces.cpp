#include "rulec/pieces.h"

#include "catalog/checksum.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>

namespace stanch::rulec {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

struct Alphabet {
    std::string_view name;
    std::string letters;
};

const std::vector<Alphabet>& alphabets() {
    static const std::vector<Alphabet> all = [] {
        const std::string d(digits);
        const std::string l(lower);
        const std::string u(upper);
        return std::vector<Alphabet>{
            {"alnum", d + u + l},
            {"lower", l},
            {"upper", u},
            {"digit", d},
            {"alpha", u + l},
            {"alnumlower", d + l},
            {"ALNUM", d + u},
            {"hex", d + "abcdef"},
            {"HEX", d + "ABCDEF"},
            {"b64", u + l + d + "+/"},
            {"b64url", u + l + d + "-_"},
            {"base32", u + "234567"},
            {"symbols", u + l + d + "!#%&*+-.:?@^_~`"},
        };
    }();
    return all;
}

constexpr std::array<std::string_view, 24> dictionary = {
    "anchor", "basket", "candle",  "desert", "engine",   "forest", "garden", "harbor",
    "island", "jacket", "kitchen", "ladder", "meadow",   "needle", "orange", "pencil",
    "quarry", "ribbon", "saddle",  "timber", "umbrella", "velvet", "window", "yellow"};

std::unexpected<Error> wrong(std::string what) {
    return fail(ErrorKind::invalid, std::move(what));
}

Result<std::size_t> number(std::string_view text) {
    std::size_t value = 0;
    if (text.empty() || text.size() > 6) return wrong("a count is missing or too large");
    for (const char c : text) {
        if (c < '0' || c > '9') return wrong("'" + std::string(text) + "' is no count");
        value = value * 10 + static_cast<std::size_t>(c - '0');
    }
    return value;
}

// "24" or "20..40"
Result<std::size_t> count(std::string_view text, Dice& dice) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) return number(text);
    STANCH_TRY(const std::size_t least, number(text.substr(0, dots)));
    STANCH_TRY(const std::size_t most, number(text.substr(dots + 2)));
    if (most < least) return wrong("a range that ends before it begins");
    return least + dice.below(most - least + 1);
}

bool has_any(std::string_view text, std::string_view letters) {
    return text.find_first_of(letters) != std::string_view::npos;
}

// A real key of some length holds letters and digits where its alphabet does.
bool like_a_real_one(std::string_view text, std::string_view alphabet) {
    if (text.size() < 8) return true;
    for (const std::string_view kind : {digits, lower, upper})
        if (has_any(alphabet, kind) && !has_any(text, kind) && alphabet != kind)
            return text.size() < 12 && kind != digits;
    return true;
}

std::string random_of(std::string_view alphabet, std::size_t size, Dice& dice) {
    for (;;)
        if (std::string text = dice.from(alphabet, size); like_a_real_one(text, alphabet))
            return text;
}

Result<std::string> repeat(std::string_view argument) {
    const std::size_t colon = argument.rfind(':');
    if (colon == std::string_view::npos) return wrong("{repeat:TEXT:COUNT}");
    STANCH_TRY(const std::size_t times, number(argument.substr(colon + 1)));
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += argument.substr(0, colon);
    return out;
}

Result<std::string> of(std::string_view argument, Dice& dice) {
    const std::size_t colon = argument.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return wrong("{of:CHARACTERS:COUNT}");
    STANCH_TRY(const std::size_t size, count(argument.substr(colon + 1), dice));
    return random_of(argument.substr(0, colon), size, dice);
}

std::string uuid(Dice& dice) {
    std::string text = dice.from("0123456789abcdef", 32);
    text[12] = '4';
    text[16] = "89ab"[dice.below(4)];
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        text.insert(at, 1, '-');
    return text;
}

Result<std::string> words(std::string_view argument, Dice& dice) {
    std::size_t times = 1;
    if (!argument.empty()) {
        STANCH_TRY(times, count(argument, dice));
    }
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
        text += (i > 0 ? "-" : "") + std::string(dictionary[dice.below(dictionary.size())]);
    return text;
}

std::string one_of(std::string_view argument, Dice& dice) {
    const auto bars = static_cast<std::size_t>(std::ranges::count(argument, '|'));
    for (std::size_t skip = dice.below(bars + 1); skip > 0; --skip)
        argument.remove_prefix(argument.find('|') + 1);
    return std::string(argument.substr(0, argument.find('|')));
}

std::string github(std::string_view prefix, Dice& dice) {
    const std::string random = random_of(alphabets()[0].letters, 30, dice);
    return std::string(prefix) + random + catalog::crc32_base62(random);
}

// catalog/checksum.h: "grafana-crc32".
std::string grafana(Dice& dice) {
    const std::string head = "glsa_" + random_of(alphabets()[0].letters, 32, dice);
    std::string sum;
    for (std::uint32_t rest = catalog::crc32(head); sum.size() < 4; rest >>= 8U)
        sum += static_cast<char>(rest & 0xFFU);
    return head + "_" + text::hex_encode(sum);
}

std::string jwt(Dice& dice) {
    const std::string payload = R"({"sub":")" + dice.from(digits, 10) + R"(","name":")" +
                                dice.from(lower, 8) + R"(","iat":17)" + dice.from(digits, 8) + "}";
    return text::base64_encode(R"({"alg":"HS256","typ":"JWT"})", text::Base64::url_bare) + "." +
           text::base64_encode(payload, text::Base64::url_bare) + "." +
           random_of(alphabets()[10].letters, 43, dice);
}

std::string bytes(std::size_t size, Dice& dice) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i)
        out += static_cast<char>(dice.below(256));
    return out;
}

// The start of a DER sequence, then anything.
std::string pem(std::string_view label, Dice& dice) {
    std::string text = "-----BEGIN " + std::string(label) + "-----\n";
    const std::string body = text::base64_encode("\x30\x82\x02\x5c\x02\x01" + bytes(606, dice));
    for (std::size_t i = 0; i < body.size(); i += 64)
        text += body.substr(i, 64) + "\n";
    return text + "-----END " + std::string(label) + "-----\n";
}

// As it stands in JSON and in environment files: each newline two characters.
std::string pem_line(std::string_view label, Dice& dice) {
    std::string text = pem(label, dice);
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at))
        text.replace(at, 1, "\\n");
    return text;
}

// Packets of a macaroon of version 2: location, identifier, end, end, signature.
std::string pypi(Dice& dice) {
    std::string macaroon("\x02\x01\x08pypi.org\x02\x24", 13);
    macaroon += uuid(dice);
    macaroon += std::string("\0\0\x06\x20", 4) + bytes(32, dice);
    return "pypi-" + text::base64_encode(macaroon, text::Base64::url_bare);
}

} // namespace

std::string Dice::from(std::string_view alphabet, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
        text += alphabet[below(alphabet.size())];
    return text;
}

std::optional<Result<std::string>> piece(std::string_view name, std::string_view argument,
                                         Dice& dice) {
    if (const auto at = std::ranges::find(alphabets(), name, &Alphabet::name);
        at != alphabets().end()) {
        auto size = count(argument, dice);
        if (!size) return std::unexpected(size.error());
        return random_of(at->letters, *size, dice);
    }
    if (name == "repeat") return repeat(argument);
    if (name == "of") return of(argument, dice);
    if (name == "uuid") return uuid(dice);
    if (name == "word") return words(argument, dice);
    if (name == "oneof") return one_of(argument, dice);
    if (name == "github") return github(argument, dice);
    if (name == "npm") return github("npm_", dice);
    if (name == "grafana") return grafana(dice);
    if (name == "jwt") return jwt(dice);
    if (name == "pem") return pem(argument, dice);
    if (name == "pemline") return pem_line(argument, dice);
    if (name == "pypi") return pypi(dice);
    return std::nullopt;
}

} // namespace stanch::rulec
