#include "scan/verdicts.h"

#include <algorithm>

namespace stanch::scan {
namespace {

constexpr std::uint64_t gap = 64; // hits closer than this are one cluster

// The run that has [begin, end) with its surroundings, as far as the text goes.
const git::CopyRun* run_around(std::span<const git::CopyRun> copies, std::uint64_t begin,
                               std::uint64_t end, std::uint64_t base_size, std::uint64_t size) {
    const auto after = std::ranges::upper_bound(copies, begin, {}, &git::CopyRun::to);
    if (after == copies.begin()) return nullptr;
    const git::CopyRun& run = *std::prev(after);
    const bool from_start = run.to == 0 && run.from == 0;
    const bool to_end = run.to + run.size == size && run.from + run.size == base_size;
    const bool before = from_start || begin >= run.to + looked_at_before;
    const bool behind = to_end ? end <= size : end + looked_at_behind <= run.to + run.size;
    return before && behind ? &run : nullptr;
}

bool same_hits(const Verdict& now, const Verdict& old, std::uint64_t to, std::uint64_t from) {
    return std::ranges::equal(now.hits, old.hits, [&](const Hit& a, const Hit& b) {
        return a.rule == b.rule && a.end - to == b.end - from;
    });
}

} // namespace

std::vector<Verdict> clusters(std::span<const Hit> hits) {
    std::vector<Verdict> all;
    for (const Hit& hit : hits) {
        const std::uint64_t begin = hit.end > Matcher::margin ? hit.end - Matcher::margin : 0;
        if (all.empty() || hit.end > all.back().hits.back().end + gap)
            all.push_back({begin, hit.end, {}, {}, false});
        all.back().hits.push_back(hit);
        all.back().end = hit.end;
    }
    return all;
}

void take_over(std::vector<Verdict>& now, std::span<const Verdict> of_base,
               std::span<const git::CopyRun> copies, std::uint64_t base_size, std::uint64_t size) {
    for (Verdict& verdict : now) {
        const git::CopyRun* run = run_around(copies, verdict.begin, verdict.end, base_size, size);
        if (run == nullptr) continue;
        const std::uint64_t first = verdict.hits.front().end - run->to + run->from;
        const auto old = std::ranges::find_if(of_base, [&](const Verdict& one) {
            return one.known && one.hits.front().end == first;
        });
        if (old == of_base.end() || !same_hits(verdict, *old, run->to, run->from)) continue;
        // What was found there may reach further than the hits.
        const std::uint64_t begin = old->begin - std::min(old->begin, run->from) + run->to;
        const std::uint64_t end = old->end - run->from + run->to;
        if (old->begin < run->from || run_around(copies, begin, end, base_size, size) != run)
            continue;
        verdict.begin = begin;
        verdict.end = end;
        verdict.found = old->found;
        verdict.known = true;
    }
}

void give(std::vector<Verdict>& verdicts, std::span<const Finding> findings) {
    for (const Finding& finding : findings) {
        const std::uint64_t begin = finding.offset;
        const std::uint64_t end = begin + finding.match.size();
        // The nearest cluster that was asked.
        Verdict* nearest = nullptr;
        std::uint64_t distance = ~std::uint64_t{0};
        for (Verdict& verdict : verdicts) {
            if (verdict.known) continue;
            const std::uint64_t away = begin > verdict.end     ? begin - verdict.end
                                       : verdict.begin > begin ? verdict.begin - begin
                                                               : 0;
            if (away >= distance) continue;
            distance = away;
            nearest = &verdict;
        }
        if (nearest == nullptr) continue;
        nearest->found.push_back(finding.fingerprint);
        nearest->begin =
            std::min(nearest->begin, begin > Matcher::margin ? begin - Matcher::margin : 0);
        nearest->end = std::max(nearest->end, end);
    }
    for (Verdict& verdict : verdicts)
        verdict.known = true;
}

} // namespace stanch::scan
