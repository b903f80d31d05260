// HKDF-Expand-SHA256 of the key's SHA-256, with the user's id as info, read as a number in base
// 7,776: the least digit is the first word.
#include "vault/team/phrase.h"

#include "vault/crypto/keys.h"

#include <array>

namespace stanch::vault {
namespace {

constexpr std::string_view words =
#include "vault/team/eff_words.inc"
    ;
constexpr std::uint32_t word_count = 7776;
constexpr int phrase_words = 5;

bool is_letter(char c) {
    return c != ' ' && c != '\n';
}

std::string_view word(std::uint32_t number) {
    std::size_t begin = 0;
    for (;; --number) {
        while (!is_letter(words[begin]))
            ++begin;
        std::size_t end = begin;
        while (is_letter(words[end]))
            ++end;
        if (number == 0) return words.substr(begin, end - begin);
        begin = end;
    }
}

// Divides the big-endian number in place; the remainder.
std::uint32_t divide(std::string& number, std::uint32_t by) {
    std::uint32_t rest = 0;
    for (char& digit : number) {
        rest = rest << 8 | static_cast<unsigned char>(digit);
        digit = static_cast<char>(rest / by);
        rest %= by;
    }
    return rest;
}

} // namespace

std::string fingerprint_phrase(std::string_view user_id, std::string_view public_key) {
    const Secret expanded = hkdf_expand(sha256(public_key), user_id, 32);
    std::string number(expanded.reveal());
    std::string phrase;
    for (int i = 0; i < phrase_words; ++i)
        phrase += (i == 0 ? "" : "-") + std::string(word(divide(number, word_count)));
    return phrase;
}

} // namespace stanch::vault
