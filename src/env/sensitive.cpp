#include "env/sensitive.h"

#include "text/entropy.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>

namespace stanch::env {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// The words of a name: "dbPassword_2" has "db", "password", "2".
bool has_word(std::string_view name, std::span<const std::string_view> words) {
    std::string word;
    const auto known = [&] { return std::ranges::find(words, lower(word)) != words.end(); };
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto c = static_cast<unsigned char>(name[i]);
        const bool starts = std::isupper(c) != 0 && i > 0 &&
                            std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
        if ((std::isalnum(c) == 0 || starts) && !word.empty()) {
            if (known()) return true;
            word.clear();
        }
        if (std::isalnum(c) != 0) word += name[i];
    }
    return known();
}

bool all_of(std::string_view text, int (*predicate)(int)) {
    return std::ranges::all_of(text, [predicate](unsigned char c) { return predicate(c) != 0; });
}

bool is_switch(std::string_view value) {
    constexpr std::array<std::string_view, 12> words{"true", "false", "yes",      "no",
                                                     "on",   "off",   "none",     "null",
                                                     "dev",  "test",  "required", "optional"};
    return std::ranges::find(words, lower(value)) != words.end();
}

struct Mix {
    bool upper = false;
    bool lower = false;
    bool digit = false;
    bool space = false;
};

Mix mix_of(std::string_view value) {
    Mix mix;
    for (const unsigned char c : value) {
        mix.upper = mix.upper || std::isupper(c) != 0;
        mix.lower = mix.lower || std::islower(c) != 0;
        mix.digit = mix.digit || std::isdigit(c) != 0;
        mix.space = mix.space || std::isspace(c) != 0;
    }
    return mix;
}

// A run of letters and digits as random values have it: words are short or all of one kind.
bool has_random_run(std::string_view value) {
    std::size_t begin = 0;
    const auto random = [](std::string_view run) {
        const Mix mix = mix_of(run);
        const int kinds =
            static_cast<int>(mix.upper) + static_cast<int>(mix.lower) + static_cast<int>(mix.digit);
        return run.size() >= 12 && kinds >= 2 && text::shannon_entropy(run) >= 2.8;
    };
    for (std::size_t i = 0; i <= value.size(); ++i) {
        const bool inside =
            i < value.size() &&
            (std::isalnum(static_cast<unsigned char>(value[i])) != 0 || value[i] == '+' ||
             value[i] == '/' || value[i] == '_' || value[i] == '-');
        if (inside) continue;
        if (random(value.substr(begin, i - begin))) return true;
        begin = i + 1;
    }
    return false;
}

bool is_path(std::string_view value) {
    return value.starts_with('/') || value.starts_with("./") || value.starts_with("../") ||
           value.starts_with("~/");
}

} // namespace

bool names_a_secret(std::string_view name) {
    constexpr std::array<std::string_view, 35> words{
        "key",     "apikey",   "token",      "secret",      "secrets",     "password",  "passwd",
        "pwd",     "pass",     "passphrase", "credential",  "credentials", "auth",      "dsn",
        "private", "salt",     "pepper",     "cookie",      "signing",     "webhook",   "pat",
        "jwt",     "bearer",   "hmac",       "certificate", "encryption",  "pin",       "otp",
        "seed",    "mnemonic", "accesskey",  "secretkey",   "pw",          "authtoken", "license"};
    constexpr std::array<std::string_view, 7> not_words{"public", "id",  "name",  "file",
                                                        "path",   "url", "expiry"};
    return has_word(name, words) && !has_word(name, not_words);
}

std::string_view password_in_url(std::string_view value) {
    const std::size_t scheme = value.find("://");
    if (scheme == std::string_view::npos) return {};
    const std::string_view authority =
        value.substr(scheme + 3, value.find_first_of("/?#", scheme + 3) - scheme - 3);
    const std::size_t at = authority.rfind('@');
    const std::size_t colon = authority.find(':');
    if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return {};
    return authority.substr(colon + 1, at - colon - 1);
}

bool looks_secret(std::string_view value) {
    if (value.find("-----BEGIN") != std::string_view::npos)
        return value.find("PRIVATE KEY") != std::string_view::npos;
    if (const std::string_view password = password_in_url(value); !password.empty())
        return !is_placeholder(password);
    if (value.find("://") != std::string_view::npos || is_path(value)) return false;
    const Mix mix = mix_of(value);
    if (value.size() < 12 || mix.space) return false;
    if (all_of(value, std::isxdigit))
        return value.size() >= 20 && mix.digit && (mix.lower || mix.upper);
    return mix.digit && text::shannon_entropy(value) >= 3.0 && has_random_run(value);
}

bool is_placeholder(std::string_view value) {
    const std::string text = lower(value);
    constexpr std::array<std::string_view, 22> words{
        "changeme", "change-me", "change_me", "replaceme", "replace-me", "replace_me",
        "todo",     "fixme",     "tbd",       "example",   "dummy",      "placeholder",
        "secret",   "password",  "passwd",    "foobar",    "none",       "null",
        "your-key", "yourkey",   "xxx",       "..."};
    if (text.empty() || std::ranges::find(words, text) != words.end()) return true;
    if (text.starts_with('<') && text.ends_with('>')) return true;
    if (text.starts_with("${") || text.starts_with("{{") ||
        (text.starts_with('[') && text.ends_with(']')))
        return true;
    constexpr std::array<std::string_view, 15> parts{
        "your-",       "your_",      "changeme", "change-me", "change_me",
        "replace-me",  "replace_me", "insert-",  "insert_",   "example",
        "placeholder", "xxxx",       "put-your", "****",      "dummy"};
    if (std::ranges::any_of(
            parts, [&](std::string_view part) { return text.find(part) != std::string::npos; }))
        return true;
    return text.find_first_not_of(text[0]) == std::string::npos && text.size() >= 3;
}

bool is_sensitive(std::string_view name, std::string_view value) {
    if (looks_secret(value)) return true;
    if (!names_a_secret(name) || value.size() < 4 || is_switch(value)) return false;
    return !all_of(value, std::isdigit) || value.size() >= 6 ||
           has_word(name, std::array<std::string_view, 2>{"pin", "otp"});
}

} // namespace stanch::env
