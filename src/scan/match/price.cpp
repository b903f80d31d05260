#include "scan/match/price.h"

#include <algorithm>
#include <bit>

namespace stanch::scan {
namespace {

constexpr unsigned code_bits = 6; // of a byte in a window's code

} // namespace

// Goes where a scan goes (pass.h).
struct WorkCounter::Counting {
    WorkCounter& counter;
    std::string_view text;

    void token(std::uint32_t anchor, std::size_t end) {
        counter.all_.literals += 1;
        counter.rules_[counter.probes_.rule(anchor)].literals += 1;
        probe(anchor, end);
    }
    void literal(std::uint32_t first, std::size_t end) {
        const Probes& probes = counter.probes_;
        counter.all_.literals += 1;
        counter.all_.read += static_cast<double>(probes.gate_read(first, text, end));
        const bool none_reads = probes.none_reads_on(first, text, end);
        for (std::uint32_t anchor = first; anchor != Probes::none; anchor = probes.next(anchor)) {
            if (!probes.whole_stands(anchor, text, end)) continue;
            counter.rules_[probes.rule(anchor)].literals += 1;
            if (none_reads && probes.reads(anchor))
                counter.rules_[probes.rule(anchor)].read +=
                    static_cast<double>(probes.bytes_read(anchor, text, end));
            else
                probe(anchor, end);
        }
    }
    void probe(std::uint32_t anchor, std::size_t end) {
        Work& rule = counter.rules_[counter.probes_.rule(anchor)];
        const auto read = static_cast<double>(counter.probes_.bytes_read(anchor, text, end));
        const double hit = counter.probes_.probe(anchor, text, end) != 0 ? 1 : 0;
        counter.all_.read += read;
        rule.read += read;
        counter.all_.hits += hit;
        rule.hits += hit;
    }
    void run(const Range& /*seen*/) { counter.all_.runs += 1; }
    void escape(std::size_t /*at*/) {}
    void part(const Range& range, Anchor::Place place) {
        counter.all_.sieved += static_cast<double>(range.size());
        counter.add_windows(text, range, place);
    }
};

double first_stage_ns(const Work& work, const Prices& prices) {
    return work.bytes * prices.byte + work.candidates * prices.candidate + work.runs * prices.run +
           work.sieved * prices.sieved + work.literals * prices.literal + work.read * prices.read +
           work.hits * prices.hit;
}

double whole_ns(const Work& work, const Prices& prices) {
    return first_stage_ns(work, prices) + work.hits * prices.confirm;
}

WorkCounter::WorkCounter(const Probes& probes) : probes_(probes), literals_(probes) {
    for (std::uint32_t anchor = 0; anchor < probes.size(); ++anchor)
        if (probes.rule(anchor) >= rules_.size()) rules_.resize(probes.rule(anchor) + 1);
}

void WorkCounter::add(std::string_view text) {
    Counting counting{*this, text};
    all_.bytes += static_cast<double>(text.size());
    all_.candidates += static_cast<double>(literals_.anywhere.count_candidates(text));
    add_windows(text, {0, text.size()}, Anchor::Place::anywhere);
    pass_anywhere(text, literals_, counting);
    pass_runs(text, literals_, counting);
}

std::uint32_t WorkCounter::window_code(std::string_view bytes) {
    std::uint32_t code = 0;
    for (const char c : bytes)
        code = code << code_bits |
               static_cast<std::uint32_t>(SieveTable::six_bits(static_cast<unsigned char>(c)));
    return code;
}

void WorkCounter::add_windows(std::string_view text, Range part, Anchor::Place place) {
    auto& windows = windows_[static_cast<std::size_t>(place)];
    for (std::size_t at = part.begin; at < part.end && at + sieve_width <= text.size(); ++at)
        windows.push_back(window_code(text.substr(at, sieve_width)));
}

// How often the sieve sees the window of a literal, or one that it takes for it. `windows_` must be
// sorted.
double WorkCounter::windows_like(std::uint32_t anchor) const {
    if (!probes_.sieved(anchor)) return 0;
    const std::string_view literal = Probes::searched(probes_.literal(anchor));
    const std::string_view window = literal.substr(probes_.sieve_place(anchor).offset, sieve_width);
    const auto& windows = windows_[static_cast<std::size_t>(probes_.place(anchor))];
    const std::uint32_t code = window_code(window);
    const auto any = static_cast<unsigned>(code_bits * (sieve_width - window.size()));
    const auto first = std::ranges::lower_bound(windows, code << any);
    const auto last = std::ranges::lower_bound(windows, (code + 1) << any);
    return static_cast<double>(last - first);
}

std::vector<Work> WorkCounter::rules() const {
    WorkCounter sorted = *this;
    for (auto& windows : sorted.windows_)
        std::ranges::sort(windows);
    for (std::uint32_t first = 0; first < probes_.size(); ++first) {
        const double seen = sorted.windows_like(first);
        for (std::uint32_t anchor = first; seen > 0 && anchor != Probes::none;
             anchor = probes_.next(anchor))
            sorted.rules_[probes_.rule(anchor)].candidates += seen;
    }
    return sorted.rules_;
}

} // namespace stanch::scan
