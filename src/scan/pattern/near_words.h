// Literals that stand a little before a long run: "datadog" some words before thirty-two hex
// digits.
//
// A long run is rare, so only what stands before one is looked at: two bytes on at a time, four
// bytes of the text against a set of bits, which holds the first two positions of every literal of
// five letters or more. Shorter ones have a set of their own, of their first three bytes, which is
// asked at every byte.
#pragma once

#include "scan/pattern/probe.h"
#include "scan/pattern/regex.h"

#include <array>
#include <bitset>
#include <cstring>

namespace stanch::scan {

class NearWords {
  public:
    NearWords() = default;
    // The anchors of a place: Anchor::Place. Keeps a reference.
    NearWords(const Probes& probes, Anchor::Place place);

    // Calls found(anchor, end of the literal) for each literal in `part` of the window.
    template <class Found>
    void in(std::string_view window, Range part, Found found) const {
        if (links_.empty() || window.size() < gram) return;
        const std::size_t last = std::min(part.end, window.size() - gram + 1);
        for (std::size_t at = part.begin; at < last; at += 2) {
            const std::uint32_t bytes = bytes_at(window, at);
            if (const std::uint32_t hash = hash_of(bytes); bits_[hash])
                look(heads_[hash >> 4], window, at, found);
            if (const std::uint32_t hash = short_hash_of(bytes); short_bits_[hash])
                look(short_heads_[hash >> 4], window, at, found);
            if (at + 1 == last) return;
            if (const std::uint32_t hash = short_hash_of(bytes_at(window, at + 1));
                short_bits_[hash])
                look(short_heads_[hash >> 4], window, at + 1, found);
        }
    }

  private:
    static constexpr std::size_t gram = 4;
    static std::uint32_t bytes_at(std::string_view window, std::size_t at) {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, window.data() + at, gram);
        return bytes;
    }
    // Of four bytes in lower case (and some others changed alike).
    static std::uint32_t hash_of(std::uint32_t bytes) {
        return ((bytes | 0x20202020U) * 0x9e3779b1U) >> 16;
    }
    // Of the first three of them.
    static std::uint32_t short_hash_of(std::uint32_t bytes) {
        return (((bytes | 0x20202020U) << 8) * 0x9e3779b1U) >> 17;
    }
    template <class Found>
    void look(std::uint16_t head, std::string_view window, std::size_t at, Found& found) const {
        for (std::uint16_t i = head; i != 0; i = links_[i].next) {
            const Link& link = links_[i];
            if (at >= link.offset && stands(link.anchor, window, at - link.offset))
                found(link.anchor, at - link.offset + probes_->literal(link.anchor).size());
        }
    }
    void add(std::uint32_t anchor, std::uint8_t offset);
    void add_short(std::uint32_t anchor);
    void link(std::uint16_t& head, std::uint32_t anchor, std::uint8_t offset);
    [[nodiscard]] bool stands(std::uint32_t anchor, std::string_view window, std::size_t at) const;

    struct Link {
        std::uint32_t anchor = 0;
        std::uint16_t next = 0;
        std::uint8_t offset = 0; // of the bytes in the literal
    };
    const Probes* probes_ = nullptr;
    std::bitset<65536> bits_;
    std::array<std::uint16_t, 4096> heads_{};
    std::bitset<32768> short_bits_;
    std::array<std::uint16_t, 2048> short_heads_{};
    std::vector<Link> links_; // [0] is the end of every chain
};

// Whether the literal stands at a place of the window, in any case where it may.
bool literal_at(const Probes& probes, std::uint32_t anchor, std::string_view window,
                std::size_t at);

} // namespace stanch::scan
