#include "text/sensitive.h"

#include "text/entropy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace stanch::text {
namespace {

std::string lowered(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

bool digit(char c) {
    return c >= '0' && c <= '9';
}

bool name_says_so(std::string_view name) {
    constexpr std::array<std::string_view, 16> words{
        "password",       "passwd",     "passphrase", "secret",     "token",    "apikey",
        "api_key",        "access_key", "private",    "credential", "auth_key", "signing",
        "encryption_key", "_pwd",       "_pass",      "license_key"};
    // Names that speak of a secret without being one: PASSWORD_MIN_LENGTH, TOKEN_URL, SECRET_NAME.
    constexpr std::array<std::string_view, 14> about{
        "_url",    "_uri",       "_path", "_file", "_length",   "_ttl",  "_timeout",
        "_expiry", "_algorithm", "_name", "_id",   "_endpoint", "_type", "_enabled"};
    const std::string low = lowered(name);
    auto inside = [&](std::string_view word) { return low.find(word) != std::string::npos; };
    auto behind = [&](std::string_view word) { return low.ends_with(word); };
    if (std::ranges::any_of(about, behind)) return false;
    return std::ranges::any_of(words, inside) || low == "key" || low.ends_with("_key") ||
           low.ends_with("_dsn") || low == "pass" || low == "pwd";
}

// A switch, a number, a date, a log level.
bool plainly_no_secret(std::string_view value) {
    constexpr std::array<std::string_view, 14> words{"true", "false",   "yes",   "no",       "on",
                                                     "off",  "none",    "null",  "debug",    "info",
                                                     "warn", "warning", "error", "localhost"};
    if (value.size() >= 16) return false;
    return std::ranges::find(words, lowered(value)) != words.end() ||
           std::ranges::all_of(value,
                               [](char c) { return digit(c) || c == '.' || c == '-' || c == ':'; });
}

enum class Class : std::uint8_t { other, lower, upper, digit };

struct Letter {
    Class kind = Class::other;
    bool vowel = false;
    bool of_password = false; // or as good as a letter in one: "!", "@", …
};

// Values may be long, and every hook looks at all of them: a look-up a character.
constexpr std::array<Letter, 256> letters = [] {
    std::array<Letter, 256> table{};
    for (std::size_t c = 'a'; c <= 'z'; ++c) {
        table[c].kind = Class::lower;
        table[c - 'a' + 'A'].kind = Class::upper;
    }
    for (std::size_t c = '0'; c <= '9'; ++c)
        table[c].kind = Class::digit;
    for (const char c : std::string_view("aeiouyAEIOUY"))
        table[static_cast<unsigned char>(c)].vowel = true;
    for (const char c : std::string_view("!@#$%^&*+=?~"))
        table[static_cast<unsigned char>(c)].of_password = true;
    for (Letter& each : table)
        each.of_password = each.of_password || each.kind != Class::other;
    return table;
}();

Letter letter(char c) {
    return letters[static_cast<unsigned char>(c)];
}

bool is_letter(char c) {
    return letter(c).kind == Class::lower || letter(c).kind == Class::upper;
}

// Words, paths, hosts, modules and the like keep to one class for several characters, with vowels
// among them; random text changes its class at every second one.
bool reads_as_words(std::string_view value) {
    std::size_t changes = 0;
    std::size_t vowels = 0;
    std::size_t spoken = 0;
    Class before = letter(value.front()).kind;
    for (const char c : value) {
        const Letter here = letter(c);
        changes += static_cast<std::size_t>(here.kind != before);
        spoken += static_cast<std::size_t>(here.kind == Class::lower || here.kind == Class::upper);
        vowels += static_cast<std::size_t>(here.vowel);
        before = here.kind;
    }
    return changes * 100 < value.size() * 38 && vowels * 5 >= spoken;
}

// Letters alone: five consonants in a row stand in hardly any word.
bool is_unspeakable(std::string_view word) {
    std::size_t run = 0;
    for (const char c : word) {
        run = letter(c).vowel ? 0 : run + 1;
        if (run == 5) return true;
    }
    return false;
}

// One word without separators: letters and digits mixed, but no name with a number behind it
// ("postgres15"); or letters that nobody can say.
bool is_mixed_up(std::string_view value) {
    if (value.size() < 8) return false;
    if (!std::ranges::all_of(value, [](char c) { return letter(c).of_password; })) return false;
    if (std::ranges::all_of(value, is_letter)) return is_unspeakable(value);
    const std::size_t behind = value.find_last_not_of("0123456789") + 1;
    const std::string_view name = value.substr(0, behind);
    return std::ranges::any_of(value, digit) && std::ranges::any_of(value, is_letter) &&
           !std::ranges::all_of(name, is_letter);
}

} // namespace

std::string_view url_password(std::string_view value) {
    const std::size_t scheme = value.find("://");
    if (scheme == std::string_view::npos) return {};
    std::string_view authority = value.substr(scheme + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    const std::size_t at = authority.rfind('@');
    if (at == std::string_view::npos) return {};
    const std::string_view user = authority.substr(0, at);
    const std::size_t colon = user.find(':');
    return colon == std::string_view::npos ? std::string_view() : user.substr(colon + 1);
}

bool is_placeholder(std::string_view value) {
    // A text that stands in for a value is short.
    if (value.size() > 120) return false;
    constexpr std::array<std::string_view, 14> words{
        "changeme", "change-me",   "change_me", "replace", "your-", "your_", "yourkey",
        "example",  "placeholder", "dummy",     "<",       "${",    "{{",    "xxxx"};
    const std::string low = lowered(value);
    if (std::ranges::any_of(
            words, [&](std::string_view word) { return low.find(word) != std::string::npos; }))
        return true;
    return std::ranges::all_of(value, [&](char c) { return c == value[0]; });
}

bool looks_sensitive(std::string_view name, std::string_view value) {
    if (value.empty() || plainly_no_secret(value) || is_placeholder(value)) return false;
    if (!url_password(value).empty()) return true;
    if (name_says_so(name)) return true;
    const bool one_word =
        value.find(' ') == std::string_view::npos && value.find("://") == std::string_view::npos;
    if (!one_word) return false;
    // What a long text is shows in its beginning.
    const std::string_view start = value.substr(0, 256);
    return is_mixed_up(start) ||
           (start.size() >= 16 && shannon_entropy(start) > 3.3 && !reads_as_words(start));
}

} // namespace stanch::text
