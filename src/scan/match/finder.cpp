#include "scan/match/finder.h"

#include "scan/decode/marks.h"

#include <algorithm>
#include <hs/hs.h>
#include <stdexcept>

namespace stanch::scan {
namespace {

// hs_scan takes 32-bit lengths; a window beyond this is scanned in pieces.
constexpr std::size_t largest_scan = std::size_t{1} << 30;

struct Collected {
    const Probes& probes;
    std::string_view window;
    std::vector<Hit>& hits;
    std::uint64_t offset;
    std::vector<Mark>* marks = nullptr;

    void token(std::uint32_t anchor, std::size_t to) {
        if (const std::size_t end = probes.probe(anchor, window, to); end != 0)
            hits.push_back(
                {probes.rule(anchor), offset + end, probes.literal_back(anchor, to, end)});
    }
    void literal(std::uint32_t first, std::size_t to) {
        const bool none_reads = probes.none_reads_on(first, window, to);
        if (none_reads && probes.all_read(first)) return;
        for (std::uint32_t anchor = first; anchor != Probes::none; anchor = probes.next(anchor)) {
            if (none_reads && probes.reads(anchor)) continue;
            if (probes.whole_stands(anchor, window, to)) token(anchor, to);
        }
    }
    void run(const Range& run) { mark_run(window, run, *marks); }
    void escape(std::size_t at) {
        if (may_escape(window, at)) mark_escape(window, at, *marks);
    }
    void part(const Range& /*sieved*/, Anchor::Place /*what for*/) {}
};

int collect(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
    auto& collected = *static_cast<Collected*>(context);
    collected.token(id, to);
    return 0;
}

bool by_end(const Hit& a, const Hit& b) {
    return a.end != b.end ? a.end < b.end : a.rule < b.rule;
}

void sort_from(std::vector<Hit>& hits, std::size_t first) {
    const auto begin = hits.begin() + static_cast<std::ptrdiff_t>(first);
    if (!std::is_sorted(begin, hits.end(), by_end)) std::sort(begin, hits.end(), by_end);
    hits.erase(std::unique(begin, hits.end()), hits.end());
}

} // namespace

Finder::Finder(Database database, Probes probes)
    : database_(std::move(database)), probes_(std::move(probes)), literals_(probes_) {}

Result<FinderMemory> Finder::memory() const {
    FinderMemory memory;
    if (database_.get() != nullptr) {
        STANCH_TRY(memory.scratch, Scratch::for_database(database_));
    }
    return memory;
}

void Finder::find_expressions(std::string_view window, std::uint64_t offset, FinderMemory& memory,
                              std::vector<Hit>& hits) const {
    if (database_.get() == nullptr) return;
    for (std::size_t at = 0; at < window.size(); at += largest_scan) {
        const std::string_view piece = window.substr(at, largest_scan + 2 * Matcher::margin);
        Collected collected{probes_, piece, hits, offset + at};
        const hs_error_t code =
            hs_scan(database_.get(), piece.data(), static_cast<unsigned>(piece.size()), 0,
                    memory.scratch.get(), collect, &collected);
        if (code != HS_SUCCESS) throw std::logic_error("hs_scan failed: " + std::to_string(code));
    }
}

void Finder::find(std::string_view window, std::uint64_t offset, FinderMemory& memory,
                  std::vector<Hit>& hits) const {
    const std::size_t first = hits.size();
    memory.marks.clear();
    Collected collected{probes_, window, hits, offset, &memory.marks};
    pass_anywhere(window, literals_, collected);
    find_expressions(window, offset, memory, hits);
    pass_runs(window, literals_, collected);
    for (const Mark& mark : memory.marks)
        hits.push_back(
            {decoder_hits + static_cast<std::uint32_t>(mark.encoding), offset + mark.end});
    sort_from(hits, first);
}

} // namespace stanch::scan
