#include "scan/pattern/probe.h"

#include "scan/pattern/sieve_masks.h"

#include <algorithm>
#include <cstring>

namespace stanch::scan {
namespace {

template <class Row>
std::span<const Row> rows_at(std::span<const char> bytes, std::size_t& at, std::size_t count) {
    const auto* first = reinterpret_cast<const Row*>(bytes.data() + at);
    at += count * sizeof(Row);
    return {first, count};
}

} // namespace

Result<Probes> Probes::load(std::span<const char> bytes) {
    Probes probes;
    if (bytes.empty()) return probes;
    const Error broken{ErrorKind::invalid, "a probe table that this build cannot read", {}, {}};
    Header header{};
    if (bytes.size() < sizeof header) return std::unexpected(broken);
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::uint64_t size = sizeof header + std::uint64_t{header.anchors} * sizeof(AnchorRow) +
                               std::uint64_t{header.runs} * sizeof(RunRow) +
                               std::uint64_t{header.sets} * sizeof(SetRow) +
                               std::uint64_t{header.stages} * sizeof(StageRow) +
                               std::uint64_t{header.automata} * sizeof(AutomatonRow) +
                               std::uint64_t{header.steps} * sizeof(std::uint16_t) + header.texts;
    if (header.magic != magic || size != bytes.size()) return std::unexpected(broken);
    probes.bytes_ = bytes;
    std::size_t at = sizeof header;
    probes.sets_ = rows_at<SetRow>(bytes, at, header.sets);
    probes.runs_ = rows_at<RunRow>(bytes, at, header.runs);
    probes.anchors_ = rows_at<AnchorRow>(bytes, at, header.anchors);
    probes.stages_ = rows_at<StageRow>(bytes, at, header.stages);
    probes.automata_ = rows_at<AutomatonRow>(bytes, at, header.automata);
    probes.steps_ = rows_at<std::uint16_t>(bytes, at, header.steps);
    probes.texts_ = bytes.subspan(at);
    if (!probes.sound()) return std::unexpected(broken);
    return probes;
}

// The searches at runs read the first bytes of a literal.
bool Probes::place_is_sound(const AnchorRow& anchor) {
    const auto place = static_cast<Anchor::Place>(anchor.flags >> place_shift);
    return place == Anchor::Place::anywhere || anchor.literal >= shortest_literal;
}

// Its window lies in the literal, or begins it.
bool Probes::sieve_is_sound(const AnchorRow& anchor) {
    if ((anchor.flags & flag_sieved) == 0) return true;
    const std::size_t size = std::min<std::size_t>(anchor.literal, longest_searched);
    return anchor.bucket < sieve_buckets && size >= shortest_literal &&
           anchor.offset + shortest_literal <= size;
}

bool Probes::readings_are_sound(const AnchorRow& anchor) const {
    if ((anchor.flags & flag_reads) == 0) return true;
    return anchor.forward < automata_.size() && anchor.backward < automata_.size() &&
           anchor.forward_start < automata_[anchor.forward].states &&
           anchor.backward_start < automata_[anchor.backward].states &&
           anchor.literal + anchor.look_back <= widest_probe;
}

bool Probes::gate_is_sound(const AnchorRow& anchor) const {
    if ((anchor.flags & flag_gate) == 0) return true;
    return anchor.gate < automata_.size() && anchor.gate_start < automata_[anchor.gate].states &&
           anchor.gate_reads <= widest_probe;
}

bool Probes::automaton_is_sound(const AutomatonRow& automaton) const {
    const std::uint64_t size = std::uint64_t{automaton.states} * automaton.width;
    if (automaton.next + size > steps_.size()) return false;
    const auto inside = [](std::uint16_t limit) {
        return [limit](std::uint16_t value) { return value < limit; };
    };
    return std::ranges::all_of(steps_.subspan(automaton.next, size), inside(automaton.states)) &&
           std::ranges::all_of(automaton.classes, inside(automaton.width));
}

bool Probes::sound() const {
    auto known = [&](std::uint16_t set) { return set < sets_.size(); };
    return std::ranges::all_of(runs_,
                               [&](const RunRow& run) {
                                   return known(run.set) && known(run.between) && run.count > 0;
                               }) &&
           std::ranges::all_of(
               automata_,
               [&](const AutomatonRow& automaton) { return automaton_is_sound(automaton); }) &&
           std::ranges::all_of(anchors_, [&](const AnchorRow& anchor) {
               return std::uint64_t{anchor.first_run} + anchor.runs <= runs_.size() &&
                      std::uint64_t{anchor.text} + anchor.literal <= texts_.size() &&
                      (anchor.next == none || anchor.next < anchors_.size()) &&
                      anchor.flags >> place_shift <= 3 && place_is_sound(anchor) &&
                      sieve_is_sound(anchor) && readings_are_sound(anchor) &&
                      gate_is_sound(anchor) &&
                      ((anchor.flags & flag_before) == 0 || anchor.before < runs_.size()) &&
                      ((anchor.flags & flag_span) == 0 || anchor.span < runs_.size());
           });
}

Probes Probes::of(std::string bytes) {
    std::string kept = std::move(bytes);
    auto probes = load(kept);
    if (!probes) return {};
    probes->own_ = std::move(kept); // heap memory: it does not move, and a short table has no rows
    return *std::move(probes);
}

bool Probes::all_in(std::string_view text, std::uint16_t set) const {
    return std::ranges::all_of(text, [&](char c) { return sets_[set].has(c); });
}

// The same the other way round: a run that ends by `begin`.
bool Probes::run_before(const RunRow& run, std::string_view window, std::size_t begin) const {
    const SetRow& set = sets_[run.set];
    for (std::size_t at = begin; at >= run.count && begin - at <= run.latest;) {
        const std::size_t first = at - run.count;
        std::size_t fit = 0;
        while (fit < run.count && set.has(window[first + fit]))
            ++fit;
        if (fit == run.count) return true;
        if (!all_in(window.substr(first + fit, run.count - fit), run.between)) return false;
        at = first + fit;
    }
    return false;
}

// The end of the first run from `at` on that starts by `latest`; 0: none.
std::size_t Probes::end_of_run(const RunRow& run, std::string_view window, std::size_t at,
                               std::size_t latest) const {
    const SetRow& set = sets_[run.set];
    while (at <= latest && at + run.count <= window.size()) {
        // From the last byte backwards: one that does not fit moves the start behind it.
        std::size_t left = run.count;
        while (left > 0 && set.has(window[at + left - 1]))
            --left;
        if (left == 0) return at + run.count;
        if (!all_in(window.substr(at, left), run.between)) return 0;
        at += left;
    }
    return 0;
}

bool Probes::literal_stands(std::uint32_t id, std::string_view there) const {
    if (!any_case(id)) return there == literal(id);
    return std::ranges::equal(there, literal(id), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
    });
}

Probes::Stop Probes::go_back(std::uint16_t which, std::size_t state, std::string_view window,
                             std::size_t at, std::size_t limit) const {
    const AutomatonRow& automaton = automata_[which];
    const std::uint16_t* next = steps_.data() + automaton.next;
    for (; state > Automaton::accepted && at > limit; --at)
        state = next[state * automaton.width +
                     automaton.classes[static_cast<unsigned char>(window[at - 1])]];
    return {state, at};
}

Probes::Stop Probes::go_on(std::uint16_t which, std::size_t state, std::string_view window,
                           std::size_t at, std::size_t limit) const {
    const AutomatonRow& automaton = automata_[which];
    const std::uint16_t* next = steps_.data() + automaton.next;
    for (; state > Automaton::accepted && at < limit; ++at)
        state = next[state * automaton.width +
                     automaton.classes[static_cast<unsigned char>(window[at])]];
    return {state, at};
}

// Whether what stands before a literal that begins at `begin` may be a match's.
bool Probes::read_back(const AnchorRow& anchor, std::string_view window, std::size_t begin) const {
    const std::size_t limit = begin - std::min<std::size_t>(begin, anchor.look_back);
    const Stop stop = go_back(anchor.backward, anchor.backward_start, window, begin, limit);
    if (stop.state > Automaton::accepted) return begin >= anchor.look_back;
    return stop.state == Automaton::accepted;
}

// Where it is sure, or can be told no more, that what stands behind a literal may be a match's; 0:
// it may not.
std::size_t Probes::read_on(const AnchorRow& anchor, std::string_view window,
                            std::size_t to) const {
    return read(anchor.forward, anchor.forward_start, window, to, to + room_of(anchor));
}

std::size_t Probes::room_of(const AnchorRow& anchor) {
    return widest_probe - anchor.literal - anchor.look_back;
}

std::size_t Probes::read(std::uint16_t which, std::size_t state, std::string_view window,
                         std::size_t at, std::size_t limit) const {
    const Stop stop = go_on(which, state, window, at, std::min(limit, window.size()));
    const bool unsure = stop.state > Automaton::accepted && stop.at < limit;
    return stop.state == Automaton::dead || unsure ? 0 : stop.at;
}

std::size_t Probes::gate_read(std::uint32_t id, std::string_view window, std::size_t to) const {
    const AnchorRow& anchor = anchors_[id];
    if ((anchor.flags & flag_gate) == 0) return 0;
    const std::size_t limit = std::min(to + anchor.gate_reads, window.size());
    return go_on(anchor.gate, anchor.gate_start, window, to, limit).at - to;
}

std::size_t Probes::bytes_read(std::uint32_t id, std::string_view window, std::size_t to) const {
    const AnchorRow& anchor = anchors_[id];
    if ((anchor.flags & flag_reads) == 0) return 0;
    const std::size_t begin = to - anchor.literal;
    const std::size_t first = begin - std::min<std::size_t>(begin, anchor.look_back);
    const std::size_t back =
        begin - go_back(anchor.backward, anchor.backward_start, window, begin, first).at;
    if (!read_back(anchor, window, begin)) return back;
    const std::size_t limit = std::min(to + room_of(anchor), window.size());
    return back + go_on(anchor.forward, anchor.forward_start, window, to, limit).at - to;
}

std::size_t Probes::probe_runs(const AnchorRow& anchor, std::string_view window,
                               std::size_t to) const {
    std::size_t at = to;
    for (const RunRow& run : runs_.subspan(anchor.first_run, anchor.runs)) {
        at = end_of_run(run, window, at, to + run.latest);
        if (at == 0) return 0;
    }
    if ((anchor.flags & flag_span) == 0) return at;
    const RunRow& span = runs_[anchor.span];
    const std::size_t end = end_of_run(span, window, to, to + span.latest);
    return end == 0 ? 0 : std::max(at, end);
}

std::size_t Probes::probe(std::uint32_t id, std::string_view window, std::size_t to) const {
    const AnchorRow& anchor = anchors_[id];
    if (anchor.literal == 0) return to;
    const std::size_t begin = to - anchor.literal;
    if ((anchor.flags & flag_edge) != 0 && begin > 0) {
        const auto c = static_cast<unsigned char>(window[begin - 1]);
        if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_')
            return 0;
    }
    if ((anchor.flags & flag_reads) != 0)
        return read_back(anchor, window, begin) ? read_on(anchor, window, to) : 0;
    if ((anchor.flags & flag_before) != 0 && !run_before(runs_[anchor.before], window, begin))
        return 0;
    return probe_runs(anchor, window, to);
}

} // namespace stanch::scan
