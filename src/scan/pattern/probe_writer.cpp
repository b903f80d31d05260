#include "scan/pattern/probe.h"

namespace stanch::scan {
namespace {

// Enough to tell what is not there; the automata behind a gate tell the rest.
constexpr std::size_t most_gate_states = 128;

template <class Row>
void append(std::string& out, const std::vector<Row>& rows) {
    out.append(reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(Row));
}

} // namespace

std::uint16_t ProbesWriter::set_number(const ByteSet& set) {
    const auto at = std::ranges::find(sets_, set);
    if (at != sets_.end()) return static_cast<std::uint16_t>(at - sets_.begin());
    sets_.push_back(set);
    return static_cast<std::uint16_t>(sets_.size() - 1);
}

Probes::RunRow ProbesWriter::row_of(const Run& run) {
    return {set_number(run.set), static_cast<std::uint16_t>(run.count),
            static_cast<std::uint16_t>(run.latest), set_number(run.between)};
}

std::uint16_t ProbesWriter::automaton_number(const std::shared_ptr<const Automaton>& automaton) {
    const auto fresh = static_cast<std::uint16_t>(automata_.size());
    const auto [at, is_new] = automaton_numbers_.try_emplace(automaton, fresh);
    if (!is_new) return at->second;
    automata_.push_back({static_cast<std::uint32_t>(steps_.size()),
                         static_cast<std::uint16_t>(automaton->next.size() / automaton->width),
                         automaton->width, automaton->classes});
    steps_.insert(steps_.end(), automaton->next.begin(), automaton->next.end());
    return fresh;
}

void ProbesWriter::add_readings(const Anchor& anchor, Probes::AnchorRow& row) {
    if (anchor.forward.automaton == nullptr) return;
    row.flags |= Probes::flag_reads;
    row.look_back = static_cast<std::uint16_t>(anchor.look_back);
    row.forward = automaton_number(anchor.forward.automaton);
    row.backward = automaton_number(anchor.backward.automaton);
    row.forward_start = anchor.forward.start;
    row.backward_start = anchor.backward.start;
    forward_[static_cast<std::uint32_t>(anchors_.size())] = anchor.forward;
}

bool ProbesWriter::link(const Anchor& anchor, std::uint32_t number) {
    const auto [at, fresh] = last_.try_emplace(
        {anchor.place, std::string(Probes::searched(anchor.text)), anchor.any_case}, number);
    if (fresh) return false;
    anchors_[at->second].next = number;
    at->second = number;
    return true;
}

std::uint32_t ProbesWriter::add(std::uint32_t rule, const Anchor& anchor) {
    const auto number = static_cast<std::uint32_t>(anchors_.size());
    Probes::AnchorRow row{};
    row.rule = rule;
    row.next = Probes::none;
    row.first_run = static_cast<std::uint32_t>(runs_.size());
    if (anchor.expression) {
        anchors_.push_back(row);
        return number;
    }
    row.literal = static_cast<std::uint16_t>(anchor.text.size());
    row.text = static_cast<std::uint32_t>(texts_.size());
    texts_ += anchor.text;
    row.flags = (anchor.edge ? Probes::flag_edge : 0) |
                (anchor.any_case ? Probes::flag_any_case : 0) |
                static_cast<std::uint32_t>(anchor.place) << Probes::place_shift;
    add_readings(anchor, row);
    if (anchor.span.count != 0) {
        row.flags |= Probes::flag_span;
        row.span = static_cast<std::uint16_t>(runs_.size());
        runs_.push_back(row_of(anchor.span));
        row.first_run = static_cast<std::uint32_t>(runs_.size());
    }
    if (anchor.before.count != 0) {
        row.flags |= Probes::flag_before;
        row.before = static_cast<std::uint16_t>(runs_.size());
        runs_.push_back(row_of(anchor.before));
        row.first_run = static_cast<std::uint32_t>(runs_.size());
    }
    row.runs = static_cast<std::uint16_t>(anchor.behind.size());
    for (const Run& run : anchor.behind)
        runs_.push_back(row_of(run));
    anchors_.push_back(row);
    if (anchor.place != Anchor::Place::in_run && !link(anchor, number)) {
        Sieved& sieved = sieved_[anchor.place];
        sieved.anchors.push_back(number);
        sieved.texts.push_back({std::string(Probes::searched(anchor.text)), anchor.any_case});
    }
    return Probes::none;
}

std::vector<Probes::AnchorRow> ProbesWriter::rows() const {
    std::vector<Probes::AnchorRow> rows = anchors_;
    for (const auto& [place, sieved] : sieved_) {
        const std::vector<SievePlace> places = plan_sieve(sieved.texts);
        for (std::size_t i = 0; i < places.size(); ++i) {
            Probes::AnchorRow& row = rows[sieved.anchors[i]];
            row.flags |= Probes::flag_sieved;
            row.bucket = places[i].bucket;
            row.offset = places[i].offset;
        }
    }
    return rows;
}

// Of the anchors that share a literal, those that read on from it.
void ProbesWriter::add_gates() {
    const std::size_t count = anchors_.size();
    std::vector<bool> seen(count, false);
    for (std::size_t first = 0; first < count; ++first) {
        if (seen[first]) continue;
        std::vector<Reading> readings;
        std::size_t reads = widest_probe;
        std::size_t sharing = 0;
        for (std::uint32_t i = static_cast<std::uint32_t>(first); i != Probes::none;
             i = anchors_[i].next) {
            seen[i] = true;
            ++sharing;
            const auto reading = forward_.find(i);
            if (reading == forward_.end()) continue;
            readings.push_back(reading->second);
            reads = std::min<std::size_t>(reads, widest_probe - anchors_[i].literal -
                                                     anchors_[i].look_back);
        }
        if (readings.size() < 2) continue;
        const Reading gate = united(readings, most_gate_states);
        Probes::AnchorRow& row = anchors_[first];
        row.flags |= Probes::flag_gate | (readings.size() == sharing ? Probes::flag_all_read : 0);
        row.gate = automaton_number(gate.automaton);
        row.gate_start = gate.start;
        row.gate_reads = static_cast<std::uint16_t>(reads);
    }
}

std::string ProbesWriter::bytes() {
    add_gates();
    std::vector<Probes::SetRow> sets;
    for (const ByteSet& set : sets_) {
        Probes::SetRow row{};
        for (std::size_t c = 0; c < 256; ++c)
            if (set[c]) row.words[c >> 6] |= std::uint64_t{1} << (c & 63);
        sets.push_back(row);
    }
    const Probes::Header header{Probes::magic,
                                static_cast<std::uint32_t>(anchors_.size()),
                                static_cast<std::uint32_t>(runs_.size()),
                                static_cast<std::uint32_t>(sets.size()),
                                static_cast<std::uint32_t>(texts_.size()),
                                static_cast<std::uint32_t>(stages_.size()),
                                static_cast<std::uint32_t>(automata_.size()),
                                static_cast<std::uint32_t>(steps_.size())};
    std::string out(reinterpret_cast<const char*>(&header), sizeof header);
    append(out, sets);
    append(out, runs_);
    append(out, rows());
    append(out, stages_);
    append(out, automata_);
    append(out, steps_);
    return out + texts_;
}

} // namespace stanch::scan
