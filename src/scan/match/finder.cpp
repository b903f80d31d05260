#include "scan/match/finder.h"

#include "scan/decode/marks.h"
#include "scan/decode/runs.h"
#include "scan/decode/words.h"

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

    void probe(std::uint32_t anchor, std::size_t to) {
        if (const std::size_t end = probes.probe(anchor, window, to); end != 0)
            hits.push_back(
                {probes.rule(anchor), offset + end, probes.literal_back(anchor, to, end)});
    }
    // All anchors with this literal.
    void probe_all(std::uint32_t first, std::size_t to) {
        const bool none_reads = probes.none_reads_on(first, window, to);
        for (std::uint32_t anchor = first; anchor != Probes::none; anchor = probes.next(anchor)) {
            if (none_reads && probes.reads(anchor)) continue;
            if (probes.whole_stands(anchor, window, to)) probe(anchor, to);
        }
    }
};

int collect(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) {
    auto& collected = *static_cast<Collected*>(context);
    collected.probe(id, to);
    return 0;
}

// Looks into and before long runs: for literals, and for marks of encoded text.
class RunVisitor {
  public:
    RunVisitor(const RunTokens& tokens, const Sieve& before_runs, const Sieve& before_words,
               Collected& collected, std::vector<Mark>& marks)
        : tokens_(tokens), before_runs_(before_runs), before_words_(before_words),
          collected_(collected), marks_(marks) {}

    void run(const Range& run) {
        const auto probe = [this](std::uint32_t anchor, std::size_t end) {
            collected_.probe(anchor, end);
        };
        const auto probe_all = [this](std::uint32_t anchor, std::size_t end) {
            collected_.probe_all(anchor, end);
        };
        mark_run(collected_.window, run, marks_);
        tokens_.at_run(collected_.window, run, probe);
        if (run.size() >= longer_run)
            before_runs_.in(collected_.window, part_before(run, runs_done_), probe_all);
        if (word_in(collected_.window, run))
            before_words_.in(collected_.window, part_before(run, words_done_), probe_all);
    }
    void escape(std::size_t at) {
        if (may_escape(collected_.window, at)) mark_escape(collected_.window, at, marks_);
    }

  private:
    // Each byte once: what a literal needs around it does not depend on the run that led to it.
    static Range part_before(const Range& run, std::size_t& done) {
        constexpr std::size_t look_back = near_by + longest_near_word;
        const std::size_t begin = std::max(done, run.begin > look_back ? run.begin - look_back : 0);
        done = run.end - shortest_run + 1;
        return {std::min(begin, done), done};
    }

    const RunTokens& tokens_;
    const Sieve& before_runs_;
    const Sieve& before_words_;
    Collected& collected_;
    std::vector<Mark>& marks_;
    std::size_t runs_done_ = 0;
    std::size_t words_done_ = 0;
};

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
    : database_(std::move(database)), probes_(std::move(probes)),
      anywhere_(probes_, Anchor::Place::anywhere), tokens_(probes_),
      before_runs_(probes_, Anchor::Place::before_run),
      before_words_(probes_, Anchor::Place::before_word) {}

Result<FinderMemory> Finder::memory() const {
    FinderMemory memory;
    if (database_.get() != nullptr) {
        STANCH_TRY(memory.scratch, Scratch::for_database(database_));
    }
    return memory;
}

void Finder::find_anywhere(std::string_view window, std::uint64_t offset,
                           std::vector<Hit>& hits) const {
    Collected collected{probes_, window, hits, offset};
    anywhere_.in(window, {0, window.size()},
                 [&](std::uint32_t anchor, std::size_t to) { collected.probe_all(anchor, to); });
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

void Finder::find_at_runs(std::string_view window, std::uint64_t offset, FinderMemory& memory,
                          std::vector<Hit>& hits) const {
    memory.marks.clear();
    Collected collected{probes_, window, hits, offset};
    RunVisitor visitor(tokens_, before_runs_, before_words_, collected, memory.marks);
    RunScan<RunVisitor>(window, visitor).all();
    for (const Mark& mark : memory.marks)
        hits.push_back(
            {decoder_hits + static_cast<std::uint32_t>(mark.encoding), offset + mark.end});
}

void Finder::find(std::string_view window, std::uint64_t offset, FinderMemory& memory,
                  std::vector<Hit>& hits) const {
    const std::size_t first = hits.size();
    find_anywhere(window, offset, hits);
    find_expressions(window, offset, memory, hits);
    find_at_runs(window, offset, memory, hits);
    sort_from(hits, first);
}

} // namespace stanch::scan
