// What became of a text's hits, so that a later version of it need not confirm them again.
//
// Hits that stand close together are a cluster. What confirm() makes of a cluster depends on the
// bytes around it: where a version has copied all of those from its base, the base's answer stands.
#pragma once

#include "core/finding.h"
#include "git/delta.h"
#include "scan/engine.h"
#include "scan/seen_texts.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stanch::scan {

struct Verdict {
    // The bytes that it stands on: its hits, and what was found there.
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::vector<Hit> hits; // ends as in this text
    std::vector<Fingerprint> found;
    bool known = false;
};

// How far a rule and its judge look around a match: to the lines above, and to the end of a key
// that begins here.
inline constexpr std::uint64_t looked_at_before = 512;
inline constexpr std::uint64_t looked_at_behind = 1024;

// The hits as clusters, none of them known yet. `hits` in the order of their ends.
std::vector<Verdict> clusters(std::span<const Hit> hits);

// Takes over from the base what stands on bytes that were copied whole, with their surroundings.
void take_over(std::vector<Verdict>& now, std::span<const Verdict> of_base,
               std::span<const git::CopyRun> copies, std::uint64_t base_size, std::uint64_t size);

// The same for text that was judged anywhere before, and the other way round. One thread's; its
// answers live as long as it does.
class KnownVerdicts {
  public:
    explicit KnownVerdicts(SeenTexts& seen) : seen_(seen) {}

    // Fills in those that are not known yet, as far as it can.
    void look_up(std::vector<Verdict>& verdicts, std::string_view content);
    // Keeps those that the last look_up() could not fill in; `verdicts` are the same, after give().
    void keep(std::span<const Verdict> verdicts);
    // Nothing may be kept: something far away had a say.
    void forget() { asked_.clear(); }

  private:
    struct Asked {
        std::size_t verdict = 0;
        std::uint64_t key = 0;
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
    };
    SeenTexts& seen_;
    Memo<Fingerprint>::Shelf shelf_;
    std::vector<Asked> asked_;
};

// Gives each finding to the clusters that it can belong to; clusters that were asked become known.
void give(std::vector<Verdict>& verdicts, std::span<const Finding> findings);

} // namespace stanch::scan
