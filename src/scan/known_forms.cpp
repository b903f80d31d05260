#include "scan/known_forms.h"

#include "scan/unescaped.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace stanch::scan {
namespace {

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    });
    return text;
}

std::string base64_core(std::string_view value, const Form& form) {
    std::string padded(form.alignment, '\0');
    padded += value;
    std::string encoded = text::base64_encode(padded, form.alphabet);
    wipe(padded);
    constexpr std::array<std::size_t, 3> shared{0, 2, 3};
    const std::size_t whole = 8 * (form.alignment + value.size()) / 6;
    std::string core = encoded.substr(shared[form.alignment], whole - shared[form.alignment]);
    wipe(encoded);
    return core;
}

} // namespace

std::string written(std::string_view value, const Form& form) {
    switch (form.kind) {
    case Form::Kind::plain:
        return std::string(value);
    case Form::Kind::hex_lower:
        return text::hex_encode(value);
    case Form::Kind::hex_upper:
        return upper(text::hex_encode(value));
    case Form::Kind::base64:
        return base64_core(value, form);
    }
    return {};
}

std::uint64_t window_at(const char* at) {
    std::uint64_t window = 0;
    std::memcpy(&window, at, sizeof window);
    return window;
}

std::vector<KnownMatch> search_escaped(std::string_view text, const Search& search) {
    std::vector<KnownMatch> matches;
    search(text, matches);
    for (const Escape escape : {Escape::percent, Escape::form, Escape::backslash}) {
        const Unescaped plain(text, escape);
        if (plain.same()) continue;
        std::vector<KnownMatch> found;
        search(plain.text(), found);
        // What has no escape inside was found in the text itself: the same range, told once below.
        for (const KnownMatch& match : found)
            matches.push_back(
                {match.value, plain.original(match.begin), plain.original(match.end), "escaped"});
    }
    auto order = [](const KnownMatch& m) { return std::tuple(m.begin, m.end, m.value); };
    std::ranges::stable_sort(matches, {}, order);
    const auto twice = std::ranges::unique(matches, {}, order);
    matches.erase(twice.begin(), twice.end());
    return matches;
}

} // namespace stanch::scan
