// Literals, looked for in one pass over all bytes of a text, or of a part of it.
//
// Sixty-four positions at a time are told apart by the masks of sieve_masks.h; one in fifty is
// left. Of these, a hash of three bytes leads to the literal that has them there, and eight bytes
// are compared at once, without a branch that a processor could guess wrong. What is left then is a
// literal, but for some that share a hash.
#pragma once

#include "scan/pattern/probe.h"
#include "scan/pattern/regex.h"
#include "scan/pattern/sieve_masks.h"

#include <array>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace stanch::scan {

class Sieve {
  public:
    Sieve() = default;
    // The anchors of a place that Probes::sieved. Keeps no reference.
    Sieve(const Probes& probes, Anchor::Place place);

    // Calls found(anchor, end) wherever the last eight bytes of a literal stand
    // (Probes::searched), or all of a shorter one; of anchors with the same literal, the first.
    // Found are literals whose window (SievePlace) begins in `part`.
    template <class Found>
    void in(std::string_view window, Range part, Found found) const {
        if (links_.empty()) return;
        Positions positions;
        for (std::size_t at = part.begin; at < part.end; at += at_once) {
            const std::size_t end = std::min(part.end, at + at_once);
            for (const std::uint32_t each : candidates(window, {at, end}, positions))
                look(window, at + each, found);
        }
    }

    // How many places of a text its masks leave, on a processor whose masks are of six bits a byte.
    [[nodiscard]] std::size_t count_candidates(std::string_view window) const;

  private:
    static constexpr std::size_t blocks_at_once = 32;
    static constexpr std::size_t at_once = blocks_at_once * sieve_block;
    static constexpr std::size_t beyond = sieve_width - 1; // what masks look at behind a block
    static constexpr std::size_t slots = 4096;
    static constexpr std::size_t room = 4; // positions are written four at a time
    using Positions = std::array<std::uint32_t, at_once + room>;
    using Masks = std::array<std::uint64_t, blocks_at_once>;

    struct Link {
        std::uint64_t text = 0; // under `mask`, and with the bits of `fold` set
        std::uint64_t fold = 0;
        std::uint64_t mask = 0;
        std::uint32_t anchor = 0;
        std::uint16_t next = 0;
        std::uint8_t size : 4 = 0;
        std::uint8_t more : 1 = 0; // there is a next one
        std::uint8_t offset = 0;

        [[nodiscard]] bool is(std::uint64_t bytes) const { return ((bytes | fold) & mask) == text; }
    };

    template <class Found>
    void look(std::string_view window, std::size_t at, Found& found) const {
        for (std::uint16_t i = heads_[slot(window.data() + at)]; i != 0; i = links_[i].next)
            if (const Link& link = links_[i]; stands(link, window, at))
                found(link.anchor, at - link.offset + link.size);
    }
    static bool stands(const Link& link, std::string_view window, std::size_t at) {
        if (at < link.offset) return false;
        const std::size_t begin = at - link.offset;
        return begin + sizeof(std::uint64_t) <= window.size()
                   ? link.is(load(window.data() + begin))
                   : stands_at_an_end(link, window, begin);
    }
    static bool stands_at_an_end(const Link& link, std::string_view window, std::size_t begin);
    // Of three bytes, in lower case.
    static std::size_t slot(const char* at) {
        std::uint32_t three = 0;
        std::memcpy(&three, at, 3);
        return slot_of(three);
    }
    static std::size_t slot_of(std::uint32_t bytes) {
        return ((bytes & 0xffffffU) | 0x202020U) * 0x9e3779b1U >> 20;
    }
    static std::uint32_t load_four(const char* at) {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, at, sizeof bytes);
        return bytes;
    }
    static std::uint64_t load(const char* at) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, at, sizeof bytes);
        return bytes;
    }
    void add(const Probes& probes, std::uint32_t anchor);
    void add_window(const Link& link, std::size_t bucket);
    // Where in `part` a window may begin, from its begin on.
    [[nodiscard]] std::span<const std::uint32_t> candidates(std::string_view window, Range part,
                                                            Positions& positions) const;
    void mask(std::string_view window, Range part, Masks& masks) const;
    [[nodiscard]] std::span<const std::uint32_t>
    sift(std::string_view window, Range part, const Masks& masks, Positions& positions) const;
    [[nodiscard]] std::span<const std::uint32_t> sift_with_bmi(std::string_view window, Range part,
                                                               const Masks& masks,
                                                               Positions& positions) const;
    // 1 where the first literal of this window's hash stands around it, or there are more of them;
    // else 0. In arithmetic, since a processor cannot guess which it will be.
    [[nodiscard]] std::size_t may_stand(const char* at) const {
        const Link& link = links_[heads_[slot_of(load_four(at))]];
        const std::uint64_t other = ((load(at - link.offset) | link.fold) & link.mask) ^ link.text;
        const std::uint64_t differs = (other | (~other + 1)) >> 63;
        return (differs ^ 1) | link.more;
    }

    // Whether there is any literal of this window's hash: a bit for each hash lies in half a
    // kilobyte, and rules most places out without a look at the literals.
    [[nodiscard]] std::size_t known(const char* at) const {
        const std::size_t hash = slot_of(load_four(at));
        return known_[hash / 64] >> hash % 64 & 1;
    }

    SieveTable table_;
    std::array<std::uint64_t, slots / 64> known_{};
    std::array<std::uint16_t, slots> heads_{}; // by the first three bytes of the window
    std::vector<Link> links_;                  // [0] is the end of every chain
};

} // namespace stanch::scan
