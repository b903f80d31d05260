#include "scan/pattern/near_words.h"

#include <algorithm>

namespace stanch::scan {

NearWords::NearWords(const Probes& probes, Anchor::Place place) : probes_(&probes) {
    for (std::uint32_t anchor = 0; anchor < probes.size(); ++anchor) {
        if (probes.place(anchor) != place) continue;
        if (links_.empty()) links_.emplace_back();
        if (probes.literal(anchor).size() <= gram) {
            add_short(anchor);
        } else {
            add(anchor, 0);
            add(anchor, 1);
        }
    }
}

void NearWords::link(std::uint16_t& head, std::uint32_t anchor, std::uint8_t offset) {
    links_.push_back({anchor, head, offset});
    head = static_cast<std::uint16_t>(links_.size() - 1);
}

void NearWords::add(std::uint32_t anchor, std::uint8_t offset) {
    const std::uint32_t hash = hash_of(bytes_at(probes_->literal(anchor), offset));
    bits_.set(hash);
    link(heads_[hash >> 4], anchor, offset);
}

void NearWords::add_short(std::uint32_t anchor) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, probes_->literal(anchor).data(), 3);
    const std::uint32_t hash = short_hash_of(bytes);
    short_bits_.set(hash);
    link(short_heads_[hash >> 4], anchor, 0);
}

bool literal_at(const Probes& probes, std::uint32_t anchor, std::string_view window,
                std::size_t at) {
    const std::string_view literal = probes.literal(anchor);
    const std::string_view there = window.substr(at, literal.size());
    if (!probes.any_case(anchor)) return there == literal;
    return std::ranges::equal(
        there, literal, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a | 0x20 : a) == b; });
}

bool NearWords::stands(std::uint32_t anchor, std::string_view window, std::size_t at) const {
    return literal_at(*probes_, anchor, window, at);
}

} // namespace stanch::scan
