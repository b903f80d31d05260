#include "scan/known.h"

#include "scan/known_forms.h"

#include <algorithm>
#include <array>

namespace stanch::scan {
namespace {

constexpr std::size_t bitmap_bits = std::size_t{1} << 20;

std::size_t slot(std::uint64_t head) {
    return head * 0x9e3779b97f4a7c15U >> 44;
}

// The first eight bytes of a form. Hex of them is written here: no string is made for it.
std::uint64_t head_of(std::string_view start, const Form& form) {
    if (form.kind == Form::Kind::plain) return window_at(&start.front());
    if (form.kind != Form::Kind::base64) {
        const std::string_view digits =
            form.kind == Form::Kind::hex_lower ? "0123456789abcdef" : "0123456789ABCDEF";
        std::array<char, 8> head{};
        for (std::size_t i = 0; i < head.size(); ++i)
            head[i] = digits[static_cast<unsigned char>(start[i / 2]) >> (i % 2 == 0 ? 4 : 0) & 15];
        return window_at(head.data());
    }
    std::string head = written(start, form);
    const std::uint64_t window = window_at(head.data());
    wipe(head);
    return window;
}

} // namespace

KnownValues::KnownValues(std::vector<KnownValue> values) : values_(std::move(values)) {
    std::erase_if(values_, [](const KnownValue& known) { return known.value.size() < smallest; });
    if (values_.empty()) return;
    bitmap_.assign(bitmap_bits / 64, 0);
    entries_.reserve(values_.size() * forms.size());
    for (std::uint32_t value = 0; value < values_.size(); ++value) {
        const std::string_view start = values_[value].value.reveal().substr(0, smallest + 1);
        for (std::uint8_t form = 0; form < static_cast<std::uint8_t>(forms.size()); ++form) {
            entries_.push_back({head_of(start, forms[form]), value, form});
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
        const std::uint64_t head = window_at(text.data() + at);
        const std::size_t bit = slot(head);
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
