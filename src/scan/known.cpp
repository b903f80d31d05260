#include "scan/known.h"

#include "scan/unescaped.h"
#include "text/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

namespace stanch::scan {
namespace {

using text::Base64;

// How a value may be written. A base64 form starts where the value's bits own the whole character.
struct Form {
    std::string_view name;
    enum class Kind : std::uint8_t { plain, hex_lower, hex_upper, base64 } kind;
    Base64 alphabet = Base64::standard;
    std::size_t alignment = 0; // bytes of other text in the value's first group of three
};

constexpr std::array<Form, 9> forms{{
    {"plain", Form::Kind::plain},
    {"hex", Form::Kind::hex_lower},
    {"hex", Form::Kind::hex_upper},
    {"base64", Form::Kind::base64, Base64::standard, 0},
    {"base64", Form::Kind::base64, Base64::standard, 1},
    {"base64", Form::Kind::base64, Base64::standard, 2},
    {"base64", Form::Kind::base64, Base64::url, 0},
    {"base64", Form::Kind::base64, Base64::url, 1},
    {"base64", Form::Kind::base64, Base64::url, 2},
}};

constexpr std::size_t bitmap_bits = std::size_t{1} << 20;

std::size_t slot(std::uint64_t head) {
    return head * 0x9e3779b97f4a7c15U >> 44;
}

std::uint64_t load(const char* at) {
    std::uint64_t head = 0;
    std::memcpy(&head, at, sizeof head);
    return head;
}

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

} // namespace

KnownValues::KnownValues(std::vector<KnownValue> values) : values_(std::move(values)) {
    std::erase_if(values_, [](const KnownValue& known) { return known.value.size() < smallest; });
    if (values_.empty()) return;
    bitmap_.assign(bitmap_bits / 64, 0);
    entries_.reserve(values_.size() * forms.size());
    for (std::uint32_t value = 0; value < values_.size(); ++value) {
        // Eight bytes of a value make at least eight characters of every form.
        const std::string_view start = values_[value].value.reveal().substr(0, 9);
        for (std::uint8_t form = 0; form < forms.size(); ++form) {
            std::string head = written(start, forms[form]);
            entries_.push_back({load(head.data()), value, form});
            wipe(head);
            const std::size_t bit = slot(entries_.back().head);
            bitmap_[bit / 64] |= std::uint64_t{1} << bit % 64;
        }
    }
    std::ranges::sort(entries_, {}, &Entry::head);
}

void KnownValues::confirm(std::string_view text, std::size_t at, std::uint64_t head,
                          std::vector<KnownMatch>& matches) const {
    for (const Entry& entry : std::ranges::equal_range(entries_, head, {}, &Entry::head)) {
        const Form& form = forms[entry.form];
        const std::string_view value = values_[entry.value].value.reveal();
        std::string made = form.kind == Form::Kind::plain ? std::string() : written(value, form);
        const std::string_view whole = form.kind == Form::Kind::plain ? value : made;
        if (text.substr(at).starts_with(whole))
            matches.push_back({entry.value, at, at + whole.size(), form.name});
        wipe(made);
    }
}

void KnownValues::find_in(std::string_view text, std::vector<KnownMatch>& matches) const {
    for (std::size_t at = 0; at + smallest <= text.size(); ++at) {
        const std::uint64_t head = load(text.data() + at);
        const std::size_t bit = slot(head);
        if ((bitmap_[bit / 64] >> bit % 64 & 1) != 0) confirm(text, at, head, matches);
    }
}

std::vector<KnownMatch> KnownValues::find(std::string_view text) const {
    std::vector<KnownMatch> matches;
    if (values_.empty()) return matches;
    find_in(text, matches);
    for (const Escape escape : {Escape::percent, Escape::form, Escape::backslash}) {
        const Unescaped plain(text, escape);
        if (plain.same()) continue;
        std::vector<KnownMatch> found;
        find_in(plain.text(), found);
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
