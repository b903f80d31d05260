#include "scan/pattern/sieve.h"

#include <algorithm>
#include <bit>

namespace stanch::scan {
namespace {

// Writes the positions of the set bits, and up to four more that mean nothing: few blocks have more
// than four, and a loop over each bit would end where a processor does not expect it.
[[gnu::always_inline]] inline std::uint32_t* positions_of(std::uint64_t bits, std::uint32_t at,
                                                          std::uint32_t* out) {
    std::uint32_t* const end = out + std::popcount(bits);
    do {
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
            *out++ = at + static_cast<std::uint32_t>(std::countr_zero(bits));
            bits &= bits - 1;
        }
    } while (bits != 0);
    return end;
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
    const std::size_t hash = slot(text.data() + place.offset);
    known_[hash / 64] |= std::uint64_t{1} << hash % 64;
    std::uint16_t& head = heads_[hash];
    link.next = head;
    link.more = head != 0 ? 1 : 0;
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

[[gnu::always_inline]] inline std::span<const std::uint32_t>
Sieve::sift(std::string_view window, Range part, const Masks& masks, Positions& positions) const {
    std::uint32_t* end = positions.data();
    for (std::size_t at = 0; at * sieve_block < part.size(); ++at)
        end = positions_of(masks[at], static_cast<std::uint32_t>(at * sieve_block), end);
    // Near the ends of the window, eight bytes cannot be read.
    const char* const begin = window.data() + part.begin;
    const std::uint32_t* each = positions.data();
    while (each != end && part.begin + *each < sizeof(std::uint64_t) &&
           part.begin + *each + shortest_literal <= window.size())
        ++each;
    const std::uint32_t* last = end;
    while (last != each && part.begin + last[-1] + sizeof(std::uint64_t) > window.size())
        --last;
    std::uint32_t* const first = positions.data() + (each - positions.data());
    std::uint32_t* known_end = first;
    for (; each != last; ++each) {
        const std::uint32_t at = *each;
        *known_end = at;
        known_end += known(begin + at);
    }
    std::uint32_t* kept = first;
    for (const std::uint32_t* one = first; one != known_end; ++one) {
        const std::uint32_t at = *one;
        *kept = at;
        kept += may_stand(begin + at);
    }
    for (; each != end && part.begin + *each + shortest_literal <= window.size(); ++each)
        *kept++ = *each;
    return {positions.data(), kept};
}

__attribute__((target("popcnt,bmi"))) std::span<const std::uint32_t>
Sieve::sift_with_bmi(std::string_view window, Range part, const Masks& masks,
                     Positions& positions) const {
    return sift(window, part, masks, positions);
}

std::span<const std::uint32_t> Sieve::candidates(std::string_view window, Range part,
                                                 Positions& positions) const {
    static const bool bmi =
        __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("popcnt") != 0;
    Masks masks;
    mask(window, part, masks);
    return bmi ? sift_with_bmi(window, part, masks, positions)
               : sift(window, part, masks, positions);
}

std::size_t Sieve::count_candidates(std::string_view window) const {
    if (links_.empty()) return 0;
    std::size_t count = 0;
    for (std::size_t at = 0; at < window.size(); at += sieve_block) {
        std::array<char, sieve_block + beyond> bytes{};
        const std::string_view there = window.substr(at, bytes.size());
        std::memcpy(bytes.data(), there.data(), there.size());
        std::uint64_t mask = 0;
        sieve_blocks(table_, bytes.data(), 1, &mask, SieveWith::nothing);
        const std::size_t rest = window.size() - at;
        if (rest < sieve_block) mask &= ~(~std::uint64_t{0} << rest);
        count += static_cast<std::size_t>(std::popcount(mask));
    }
    return count;
}

// Where eight bytes cannot be read.
bool Sieve::stands_at_an_end(const Link& link, std::string_view window, std::size_t begin) {
    const std::string_view there = window.substr(begin, sizeof(std::uint64_t));
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, there.data(), there.size());
    return there.size() >= link.size && link.is(bytes);
}

} // namespace stanch::scan
