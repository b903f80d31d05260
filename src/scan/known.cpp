#include "scan/known.h"

#include "scan/known_forms.h"

#include <algorithm>
#include <array>
#include <bit>

namespace stanch::scan {
namespace {

constexpr unsigned bitmap_bits = 20;
constexpr unsigned chain_bits = 14;
constexpr unsigned form_bits = 4;
static_assert(forms.size() < 1U << form_bits);

std::uint64_t hash(std::uint64_t head) {
    return head * 0x9e3779b97f4a7c15U;
}

// The first eight bytes as a number, the first one highest.
std::uint64_t big_endian(std::uint64_t window) {
    return std::endian::native == std::endian::little ? __builtin_bswap64(window) : window;
}

std::uint64_t hex_head(std::uint64_t start, std::string_view digits) {
    std::array<char, 8> head{};
    for (unsigned i = 0; i < head.size(); ++i)
        head[i] = digits[start >> (60 - 4 * i) & 15];
    return window_at(head.data());
}

// Other bytes before the value push its bits aside: its first character of its own begins with its
// first bit, its fifth, or its third.
std::uint64_t base64_head(std::uint64_t start, const Form& form) {
    constexpr std::string_view standard =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::string_view url =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    constexpr std::array<unsigned, 3> skipped{0, 4, 2};
    const std::string_view letters = form.alphabet == text::Base64::standard ? standard : url;
    std::array<char, 8> head{};
    for (unsigned i = 0; i < head.size(); ++i)
        head[i] = letters[start << skipped[form.alignment] >> (58 - 6 * i) & 63];
    return window_at(head.data());
}

// The first eight characters of a form, from the first eight bytes of the value: no string is made
// for them, a thousand values have nine thousand.
std::uint64_t head_of(std::uint64_t window, const Form& form) {
    switch (form.kind) {
    case Form::Kind::plain:
        return window;
    case Form::Kind::hex_lower:
        return hex_head(big_endian(window), "0123456789abcdef");
    case Form::Kind::hex_upper:
        return hex_head(big_endian(window), "0123456789ABCDEF");
    case Form::Kind::base64:
        return base64_head(big_endian(window), form);
    }
    return 0;
}

} // namespace

KnownValues::KnownValues(std::vector<KnownValue> values, KnownJudge judge)
    : values_(std::move(values)), judge_(std::move(judge)) {
    std::erase_if(values_, [](const KnownValue& known) { return known.value.size() < smallest; });
    if (values_.empty()) return;
    verdicts_ = std::make_unique<std::atomic<Verdict>[]>(values_.size());
    bitmap_.assign((std::size_t{1} << bitmap_bits) / 64, 0);
    chains_.assign(std::size_t{1} << chain_bits, 0);
    entries_.reserve(values_.size() * forms.size());
    for (std::uint32_t value = 0; value < values_.size(); ++value) {
        const std::uint64_t start = window_at(values_[value].value.reveal().data());
        for (std::uint32_t form = 0; form < forms.size(); ++form)
            add(head_of(start, forms[form]), value, form);
    }
}

void KnownValues::add(std::uint64_t head, std::uint32_t value, std::uint32_t form) {
    std::uint32_t& chain = chains_[hash(head) >> (64 - chain_bits)];
    entries_.push_back({head, value, chain << form_bits | form});
    chain = static_cast<std::uint32_t>(entries_.size());
    const std::uint64_t bit = hash(head) >> (64 - bitmap_bits);
    bitmap_[bit / 64] |= std::uint64_t{1} << bit % 64;
}

bool KnownValues::is_secret(std::uint32_t value) const {
    if (!judge_ || values_[value].certain) return true;
    Verdict verdict = verdicts_[value].load(std::memory_order_relaxed);
    if (verdict == Verdict::open) {
        verdict = judge_(values_[value]) ? Verdict::secret : Verdict::harmless;
        verdicts_[value].store(verdict, std::memory_order_relaxed);
    }
    return verdict == Verdict::secret;
}

void KnownValues::confirm(std::string_view text, std::size_t at, std::uint64_t head,
                          std::vector<KnownMatch>& matches) const {
    for (std::uint32_t place = chains_[hash(head) >> (64 - chain_bits)]; place != 0;
         place = entries_[place - 1].next_and_form >> form_bits) {
        const Entry& entry = entries_[place - 1];
        if (entry.head != head) continue;
        const Form& form = forms[entry.next_and_form & ((1U << form_bits) - 1)];
        const std::string_view value = values_[entry.value].value.reveal();
        std::string made = form.kind == Form::Kind::plain ? std::string() : written(value, form);
        const std::string_view whole = form.kind == Form::Kind::plain ? value : made;
        if (text.substr(at).starts_with(whole) && is_secret(entry.value))
            matches.push_back({entry.value, at, at + whole.size(), form.name});
        wipe(made);
    }
}

void KnownValues::find_in(std::string_view text, std::vector<KnownMatch>& matches) const {
    for (std::size_t at = 0; at + smallest <= text.size(); ++at) {
        const std::uint64_t head = window_at(text.data() + at);
        const std::uint64_t bit = hash(head) >> (64 - bitmap_bits);
        if ((bitmap_[bit / 64] >> bit % 64 & 1) != 0) confirm(text, at, head, matches);
    }
}

std::vector<KnownMatch> KnownValues::find(std::string_view text) const {
    if (values_.empty()) return {};
    return search_escaped(text, [this](std::string_view part, std::vector<KnownMatch>& matches) {
        find_in(part, matches);
    });
}

} // namespace stanch::scan
