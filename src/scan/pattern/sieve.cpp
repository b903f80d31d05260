#include "scan/pattern/sieve.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace stanch::scan {
namespace {

// Writes the positions of the set bits, and up to seven more that mean nothing.
std::uint32_t* positions_of(std::uint64_t bits, std::uint32_t at, std::uint32_t* out) {
    std::uint32_t* const end = out + std::popcount(bits);
    for (; bits != 0; out += 8)
        for (int i = 0; i < 8; ++i) {
            out[i] = at + static_cast<std::uint32_t>(std::countr_zero(bits));
            bits &= bits - 1;
        }
    return end;
}

std::uint64_t load(const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

} // namespace

Sieve::Sieve(const Probes& probes, Anchor::Place place) {
    for (std::uint32_t anchor = 0; anchor < probes.size(); ++anchor)
        if (probes.sieved(anchor) && probes.place(anchor) == place) add(probes, anchor);
}

void Sieve::add(const Probes& probes, std::uint32_t anchor) {
    if (links_.empty()) links_.push_back({.text = 1}); // which nothing is under its mask
    const std::string_view text = Probes::searched(probes.literal(anchor));
    const SievePlace place = probes.sieve_place(anchor);
    Link link{
        .anchor = anchor, .size = static_cast<std::uint8_t>(text.size()), .offset = place.offset};
    std::array<char, sizeof link.fold> fold{};
    for (std::size_t i = 0; i < text.size(); ++i)
        if (probes.any_case(anchor) && text[i] >= 'a' && text[i] <= 'z') fold[i] = 0x20;
    std::memcpy(&link.text, text.data(), text.size());
    link.fold = load(fold.data());
    link.mask = ~std::uint64_t{0} >> (64 - 8 * text.size());
    add_window(link, place.bucket);
    std::uint16_t& head = heads_[slot(text.data() + place.offset)];
    link.next = head;
    links_.push_back(link);
    head = static_cast<std::uint16_t>(links_.size() - 1);
}

void Sieve::add_window(const Link& link, std::size_t bucket) {
    for (std::size_t place = 0; place < sieve_width; ++place) {
        const std::size_t at = link.offset + place;
        if (at >= link.size) {
            table_.add_any(bucket, place);
            continue;
        }
        const auto byte = static_cast<unsigned char>(link.text >> 8 * at);
        const auto folds = static_cast<unsigned char>(link.fold >> 8 * at);
        table_.add(bucket, place, byte);
        table_.add(bucket, place, static_cast<unsigned char>(byte & ~folds));
    }
}

void Sieve::mask(std::string_view window, Range part, Masks& masks) const {
    std::size_t done = 0;
    if (part.begin + beyond < window.size())
        done = std::min((part.size() + sieve_block - 1) / sieve_block,
                        (window.size() - part.begin - beyond) / sieve_block);
    sieve_blocks(table_, window.data() + part.begin, done, masks.data());
    for (std::size_t at = part.begin + done * sieve_block; at < part.end; at += sieve_block) {
        std::array<char, sieve_block + beyond> last{};
        const std::string_view rest = window.substr(at, last.size());
        std::memcpy(last.data(), rest.data(), rest.size());
        sieve_blocks(table_, last.data(), 1, &masks[done++]);
    }
    if (const std::size_t rest = part.size() % sieve_block; rest != 0)
        masks[done - 1] &= ~(~std::uint64_t{0} << rest);
}

std::span<const std::uint32_t> Sieve::candidates(std::string_view window, Range part,
                                                 Positions& positions) const {
    Masks masks;
    mask(window, part, masks);
    std::uint32_t* end = positions.data();
    for (std::size_t at = 0; at * sieve_block < part.size(); ++at)
        end = positions_of(masks[at], static_cast<std::uint32_t>(at * sieve_block), end);
    std::uint32_t* kept = positions.data();
    for (const std::uint32_t* each = kept; each != end; ++each) {
        const std::size_t at = part.begin + *each;
        *kept = *each;
        kept += may_stand(window, at) ? 1 : 0;
    }
    return {positions.data(), kept};
}

// Near the ends of the window, eight bytes cannot be read.
bool Sieve::may_stand(std::string_view window, std::size_t at) const {
    if (at < sizeof(std::uint64_t) || at + sizeof(std::uint64_t) > window.size())
        return at + shortest_literal <= window.size();
    const Link& link = links_[heads_[slot(window.data() + at)]];
    const std::uint64_t bytes = load(window.data() + at - link.offset);
    const bool there = ((bytes | link.fold) & link.mask) == link.text;
    return ((there ? 1U : 0U) | link.next) != 0;
}

bool Sieve::stands(const Link& link, std::string_view window, std::size_t at) {
    if (at < link.offset) return false;
    const std::string_view there = window.substr(at - link.offset, sizeof(std::uint64_t));
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, there.data(), there.size());
    return there.size() >= link.size && ((bytes | link.fold) & link.mask) == link.text;
}

} // namespace stanch::scan
