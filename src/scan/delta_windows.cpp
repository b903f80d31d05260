#include "scan/delta_windows.h"

#include <algorithm>

namespace stanch::scan {

DeltaWindows::DeltaWindows(std::span<const git::CopyRun> copies, std::uint64_t base_size,
                           std::uint64_t size) {
    constexpr std::uint64_t margin = Matcher::margin;
    std::uint64_t next_end = 0; // the first end that is not decided yet
    for (const git::CopyRun& run : copies) {
        // At the start or end of both texts there is no context that could differ.
        const bool from_start = run.to == 0 && run.from == 0;
        const bool to_end = run.to + run.size == size && run.from + run.size == base_size;
        const std::uint64_t first = from_start ? 0 : run.to + margin;
        const std::uint64_t last = to_end ? size : run.to + run.size - 1;
        if (first > last) continue;
        if (first > next_end) add_window(next_end, first - 1, size);
        carried_.push_back({first, last, first - run.to + run.from});
        next_end = last + 1;
    }
    if (next_end <= size) add_window(next_end, size, size);
}

void DeltaWindows::add_window(std::uint64_t first_end, std::uint64_t last_end, std::uint64_t size) {
    constexpr std::uint64_t margin = Matcher::margin;
    const std::uint64_t begin = first_end > margin ? first_end - margin : 0;
    const std::uint64_t end = std::min(last_end + 1, size);
    if (begin >= end) return;
    if (!windows_.empty() && begin <= windows_.back().end)
        windows_.back().end = end;
    else
        windows_.push_back({begin, end});
}

void DeltaWindows::carry(std::span<const Hit> of_base, std::vector<Hit>& hits) const {
    if (of_base.empty()) return;
    for (const Carried& part : carried_) {
        auto hit = std::ranges::lower_bound(of_base, part.base_first, {}, &Hit::end);
        for (; hit != of_base.end() && hit->end - part.base_first <= part.last - part.first; ++hit)
            hits.push_back({hit->rule, hit->end - part.base_first + part.first, hit->literal});
    }
}

} // namespace stanch::scan
