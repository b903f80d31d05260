// Literals that stand a little before a long run: "datadog" some words before thirty-two hex
// digits.
//
// A long run is rare, so only what stands before one is looked at: two bytes on at a time, four
// bytes of the text against a set of bits, which holds the first two positions of every literal (of
// five letters or more).
#pragma once

#include "scan/pattern/probe.h"
#include "scan/pattern/regex.h"

#include <array>
#include <cstring>

namespace stanch::scan {

class NearWords {
  public:
    NearWords() : heads_{} {}
    // The anchors of a place: Anchor::Place. Keeps a reference.
    NearWords(const Probes& probes, Anchor::Place place);

    // Calls found(anchor, end of the literal) for each literal in `part` of the window.
    template <class Found>
    void in(std::string_view window, Range part, Found found) const {
        if (links_.empty() || window.size() < gram) return;
        const std::size_t last = std::min(part.end, window.size() - gram + 1);
        for (std::size_t at = part.begin; at < last; at += 2) {
            std::uint32_t bytes = 0;
            std::memcpy(&bytes, window.data() + at, gram);
            const std::uint32_t hash = hash_of(bytes);
            if ((bits_[hash >> 6] >> (hash & 63) & 1) == 0) continue;
            for (std::uint16_t i = heads_[hash >> 4]; i != 0; i = links_[i].next) {
                if (at < links_[i].offset ||
                    !stands(links_[i].anchor, window, at - links_[i].offset))
                    continue;
                found(links_[i].anchor,
                      at - links_[i].offset + probes_->literal(links_[i].anchor).size());
            }
        }
    }

  private:
    static constexpr std::size_t gram = 4;
    // Of four bytes in lower case (and some others changed alike).
    static std::uint32_t hash_of(std::uint32_t bytes) {
        return ((bytes | 0x20202020U) * 0x9e3779b1U) >> 16;
    }
    void add(std::uint32_t anchor, std::uint8_t offset);
    [[nodiscard]] bool stands(std::uint32_t anchor, std::string_view window, std::size_t at) const;

    struct Link {
        std::uint32_t anchor = 0;
        std::uint16_t next = 0;
        std::uint8_t offset = 0; // of the four bytes in the literal
    };
    const Probes* probes_ = nullptr;
    std::array<std::uint64_t, 1024> bits_{};
    std::array<std::uint16_t, 4096> heads_{};
    std::vector<Link> links_; // [0] is the end of every chain
};

// Whether the literal stands at a place of the window, in any case where it may.
bool literal_at(const Probes& probes, std::uint32_t anchor, std::string_view window,
                std::size_t at);

} // namespace stanch::scan
