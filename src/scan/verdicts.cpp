#include "scan/verdicts.h"

#include <algorithm>

namespace stanch::scan {
namespace {

constexpr std::uint64_t gap = 64;    // hits closer than this are one cluster
constexpr std::uint64_t reach = 256; // of findings beyond their clusters, to be kept

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

// By what it stands on, with its surroundings and the hits in it.
std::uint64_t key_of(const Verdict& verdict, std::string_view content, const ContentHash& hash) {
    const std::uint64_t from = verdict.begin - std::min(verdict.begin, looked_at_before);
    const std::uint64_t to = std::min(verdict.end + looked_at_behind, content.size());
    std::uint64_t salt = (verdict.begin - from) << 1 | (to == content.size() ? 1U : 0U);
    for (const Hit& hit : verdict.hits)
        salt = (salt ^ hit.rule ^ (hit.end - from) << 32) * 0x9E3779B97F4A7C15ULL;
    return hash.of(content.substr(from, to - from), salt);
}

// The secret stands in its match, of whose place no more is known.
ByteRange range_of(const Finding& finding) {
    const std::uint64_t size = finding.match.size();
    return {finding.offset - std::min(finding.offset, size), finding.offset + size};
}

// Which hit of several nearby led to a finding is not told; of what was decoded, its marks may
// stand anywhere behind its beginning.
bool may_be_of(const Verdict& verdict, const Finding& finding) {
    const ByteRange range = range_of(finding);
    if (verdict.begin <= range.end + Matcher::margin &&
        range.begin <= verdict.end + Matcher::margin)
        return true;
    return !finding.decoded_by.empty() && verdict.end >= finding.offset;
}

void give(Verdict& verdict, const Finding& finding) {
    if (std::ranges::find(verdict.found, finding.fingerprint) == verdict.found.end())
        verdict.found.push_back(finding.fingerprint);
    const std::uint64_t before =
        finding.offset - std::min(finding.offset, std::uint64_t{Matcher::margin});
    verdict.begin = std::min(verdict.begin, before);
    verdict.end = std::max(verdict.end, finding.offset + finding.match.size());
}

Verdict* nearest_asked(std::vector<Verdict>& verdicts, const Finding& finding) {
    Verdict* nearest = nullptr;
    std::uint64_t distance = ~std::uint64_t{0};
    for (Verdict& verdict : verdicts) {
        if (verdict.known) continue;
        const std::uint64_t away = finding.offset > verdict.end ? finding.offset - verdict.end
                                                                : verdict.begin - finding.offset;
        if (away >= distance) continue;
        distance = away;
        nearest = &verdict;
    }
    return nearest;
}

// By as much as a finding that was kept may reach further.
void widen(Verdict& verdict, std::uint64_t size) {
    verdict.begin -= std::min(verdict.begin, reach);
    verdict.end = std::min(verdict.end + reach, size);
}

} // namespace

void KnownVerdicts::look_up(std::vector<Verdict>& verdicts, std::string_view content) {
    asked_.clear();
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        Verdict& verdict = verdicts[i];
        if (verdict.known) continue;
        const std::uint64_t key = key_of(verdict, content, seen_.hash);
        const auto found = seen_.verdicts.find(key);
        if (found) {
            verdict.found.assign(found->begin(), found->end());
            verdict.known = true;
            if (!found->empty()) widen(verdict, content.size());
        } else {
            asked_.push_back({i, key, verdict.begin, verdict.end});
        }
    }
}

// A finding that reaches further than the hits may depend on more than the key knows.
void KnownVerdicts::keep(std::span<const Verdict> verdicts) {
    for (const Asked& asked : asked_) {
        const Verdict& verdict = verdicts[asked.verdict];
        if (verdict.begin + reach >= asked.begin && verdict.end <= asked.end + reach)
            seen_.verdicts.add(asked.key, verdict.found, shelf_);
    }
    asked_.clear();
}

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
        bool given = false;
        for (Verdict& verdict : verdicts)
            if (!verdict.known && may_be_of(verdict, finding)) {
                give(verdict, finding);
                given = true;
            }
        if (given) continue;
        Verdict* nearest = nearest_asked(verdicts, finding);
        if (nearest != nullptr) give(*nearest, finding);
    }
    for (Verdict& verdict : verdicts)
        verdict.known = true;
}

} // namespace stanch::scan
