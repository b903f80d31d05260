#include "scan/judge/model.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stanch::scan {
namespace {

constexpr std::size_t look_back = 200;
constexpr std::size_t look_ahead = 60;
constexpr std::size_t longest_name = 60;

constexpr std::array<float, feature_count> weights = {
#define STANCH_WEIGHT(name, weight) weight,
#include "scan/judge/model.inc"
#undef STANCH_WEIGHT
};

bool name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '$';
}

std::size_t line_start(std::string_view text, std::size_t at) {
    const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

bool holds(const Features& features, Feature feature) {
    return features[static_cast<std::size_t>(feature)] > 0;
}

// somebody@example.com
bool mail_address(std::string_view value) {
    const std::size_t at = value.find('@');
    if (at == 0 || at == std::string_view::npos ||
        value.find('@', at + 1) != std::string_view::npos)
        return false;
    const std::size_t dot = value.rfind('.');
    return dot != std::string_view::npos && dot > at + 1 && dot + 2 < value.size() &&
           std::ranges::all_of(value,
                               [](char c) { return name_character(c) || c == '@' || c == '+'; }) &&
           std::ranges::all_of(value.substr(dot + 1), [](char c) { return c >= 'a' && c <= 'z'; });
}

// What is no secret, however random it looks: a public key, what everybody tries
// first, a function's name, base64 of words, an address, the user of auth=("user", "password").
bool ruled_out(const Features& features, const Evidence& evidence) {
    if (holds(features, Feature::name_public) || holds(features, Feature::weak_password))
        return true;
    if (std::ranges::any_of(evidence.value,
                            [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return true;
    // The address of something that needs no password to be said.
    if (holds(features, Feature::scheme) &&
        evidence.value.find_first_of("@?=&") == std::string_view::npos)
        return true;
    if (holds(features, Feature::decodes_to_words) || holds(features, Feature::name_part) ||
        mail_address(evidence.value))
        return true;
    if (holds(features, Feature::first_argument) && evidence.name.ends_with("auth")) return true;
    if (holds(features, Feature::quoted)) return false;
    return evidence.after.starts_with('(') || evidence.after.starts_with('[') ||
           evidence.after.starts_with("::");
}

} // namespace

Evidence evidence_of(std::string_view text, const Range& whole, const Range& secret,
                     std::string_view path) {
    std::size_t word = whole.begin;
    while (word < secret.begin && !name_character(text[word]))
        ++word;
    std::size_t begin = word;
    while (begin > 0 && word - begin < longest_name && name_character(text[begin - 1]))
        --begin;
    std::size_t end = begin;
    while (end < secret.begin && name_character(text[end]))
        ++end;
    const std::size_t first =
        std::max(line_start(text, begin), secret.begin > look_back ? secret.begin - look_back : 0);
    Evidence evidence;
    evidence.name = text.substr(begin, end - begin);
    evidence.glue = text.substr(end, secret.begin - end);
    evidence.value = text.substr(secret.begin, secret.size());
    evidence.before = first < begin ? text.substr(first, begin - first) : std::string_view();
    evidence.after = text.substr(secret.end, look_ahead);
    evidence.after = evidence.after.substr(0, evidence.after.find('\n'));
    evidence.path = path;
    return evidence;
}

double probability_of_secret(const Evidence& evidence) {
    const Features features = features_of(evidence);
    if (ruled_out(features, evidence)) return 0;
    double sum = 0;
    for (std::size_t i = 0; i < feature_count; ++i)
        sum += static_cast<double>(features[i] * weights[i]);
    return 1 / (1 + std::exp(-sum));
}

} // namespace stanch::scan
