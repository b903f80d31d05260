// Literals that are a part of a long run: looked up at a few bytes of each run.
//
// "ghp_" and its like begin where a word does: in a run, that is its first byte, or behind '-', '+'
// or '/'. "SG." ends before a run, so its place is told by the run's begin. Only what begins
// anywhere is looked up at every byte.
#pragma once

#include "scan/decode/alphabet.h"
#include "scan/pattern/probe.h"
#include "scan/pattern/regex.h"

#include <array>

namespace stanch::scan {

class RunTokens {
  public:
    RunTokens() = default;
    // Those of the anchors that are Anchor::Place::in_run. Keeps a reference.
    explicit RunTokens(const Probes& probes);

    // Calls found(anchor, end of the literal) for each literal that stands at this run.
    template <class Found>
    void at_run(std::string_view window, const Range& run, Found found) const {
        if (links_.empty()) return;
        if (run.begin > 0 && before_run_[static_cast<unsigned char>(window[run.begin - 1])])
            for (const std::uint8_t lead : leads_)
                if (run.begin >= lead)
                    look(outside_[slot(window.data() + run.begin - lead)], window, run.begin - lead,
                         true, found);
        for (std::size_t at = run.begin; at + long_run <= run.end; ++at)
            if (const std::uint16_t head = inside_[slot(window.data() + at)]; head != 0)
                look(head, window, at, at == run.begin || ends_word(window[at - 1]), found);
    }

  private:
    static constexpr std::size_t slots = 2048;
    using Heads = std::array<std::uint16_t, slots>; // by the first three bytes

    static std::size_t slot(const char* at) {
        const auto low = [](char c) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(c)) | 0x20U;
        };
        return ((low(at[0]) << 16 | low(at[1]) << 8 | low(at[2])) * 0x9e3779b1U) >> 21;
    }
    static bool ends_word(char c) { return c == '-' || c == '+' || c == '/'; }
    template <class Found>
    void look(std::uint16_t head, std::string_view window, std::size_t at, bool word_begins,
              Found& found) const {
        for (std::uint16_t i = head; i != 0; i = links_[i].next)
            if ((word_begins || !links_[i].at_word) && stands(links_[i].anchor, window, at))
                found(links_[i].anchor, at + probes_->literal(links_[i].anchor).size());
    }
    [[nodiscard]] bool stands(std::uint32_t anchor, std::string_view window, std::size_t at) const;
    void add(std::uint32_t anchor);

    struct Link {
        std::uint32_t anchor = 0;
        std::uint16_t next = 0;
        bool at_word = false; // it begins where a word does
    };
    const Probes* probes_ = nullptr;
    Heads inside_{};
    Heads outside_{};
    std::vector<std::uint8_t> leads_;    // how far before a run the literals in `outside_` begin
    std::array<bool, 256> before_run_{}; // what of them stands right before it
    std::vector<Link> links_;            // [0] is the end of every chain
};

} // namespace stanch::scan
