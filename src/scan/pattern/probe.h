// What is asked for around each literal (see first_stage.h), as a table that lies in the binary as
// it is used.
//
// It also has what a search for each rule's matches must know of its first stage, so that nobody
// derives that again at start-up. Plain
// data, made for x86-64; an empty table is valid.
#pragma once

#include "core/result.h"
#include "scan/pattern/first_stage.h"
#include "scan/pattern/sieve_plan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace stanch::scan {

// FirstStage, of which nothing but its widths is left.
struct StageRow {
    static constexpr std::uint32_t flag_cut_off = 1;    // matches may be longer than `reach`
    static constexpr std::uint32_t flag_characters = 2; // Expression::characters

    std::uint32_t back = 0;
    std::uint32_t reach = 0;
    std::uint32_t lead = 0;
    std::uint32_t flags = 0;
};

class Probes {
  public:
    // Refers into `bytes`, which must outlive it and be aligned to eight.
    static Result<Probes> load(std::span<const char> bytes);
    // Owns its bytes.
    static Probes of(std::string bytes);

    static constexpr std::uint32_t none = 0xffffffff;

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(anchors_.size()); }
    // nullptr: the table knows nothing of this rule.
    [[nodiscard]] const StageRow* stage(std::uint32_t rule) const {
        return rule < stages_.size() ? &stages_[rule] : nullptr;
    }
    [[nodiscard]] std::uint32_t rule(std::uint32_t id) const { return anchors_[id].rule; }
    // The next anchor with the same literal, which is looked for once.
    [[nodiscard]] std::uint32_t next(std::uint32_t id) const { return anchors_[id].next; }
    [[nodiscard]] Anchor::Place place(std::uint32_t id) const {
        return static_cast<Anchor::Place>(anchors_[id].flags >> place_shift);
    }
    [[nodiscard]] bool edge(std::uint32_t id) const {
        return (anchors_[id].flags & flag_edge) != 0;
    }
    [[nodiscard]] bool any_case(std::uint32_t id) const {
        return (anchors_[id].flags & flag_any_case) != 0;
    }
    [[nodiscard]] std::string_view literal(std::uint32_t id) const {
        return {texts_.data() + anchors_[id].text, anchors_[id].literal};
    }
    // Whether the sieve looks for it (sieve.h), and where.
    [[nodiscard]] bool sieved(std::uint32_t id) const {
        return (anchors_[id].flags & flag_sieved) != 0;
    }
    [[nodiscard]] SievePlace sieve_place(std::uint32_t id) const {
        return {anchors_[id].bucket, anchors_[id].offset};
    }
    // What it looks for: the end of a literal.
    static constexpr std::size_t longest_searched = 8;
    static std::string_view searched(std::string_view literal) {
        return literal.substr(literal.size() - std::min(literal.size(), longest_searched));
    }
    // Whether the whole of a literal, whose end was found, ends at `to`.
    [[nodiscard]] bool whole_stands(std::uint32_t id, std::string_view window,
                                    std::size_t to) const {
        const std::size_t size = anchors_[id].literal;
        return size <= longest_searched ||
               (to >= size && literal_stands(id, window.substr(to - size, size)));
    }
    // Whether the literal is these bytes, in any case where it may.
    [[nodiscard]] bool literal_stands(std::uint32_t id, std::string_view there) const;
    // Whether none of the anchors with this literal that read on from it would pass, as one reading
    // for all of them tells; id: the first of them. Otherwise each has to be asked.
    [[nodiscard]] bool none_reads_on(std::uint32_t id, std::string_view window,
                                     std::size_t to) const {
        const AnchorRow& anchor = anchors_[id];
        return (anchor.flags & flag_gate) != 0 &&
               read(anchor.gate, anchor.gate_start, window, to, to + anchor.gate_reads) == 0;
    }
    // Whether all of them do; id as before.
    [[nodiscard]] bool all_read(std::uint32_t id) const {
        return (anchors_[id].flags & flag_all_read) != 0;
    }
    [[nodiscard]] bool reads(std::uint32_t id) const {
        return (anchors_[id].flags & flag_reads) != 0;
    }
    // How many bytes automata read for probe(), and for none_reads_on().
    [[nodiscard]] std::size_t bytes_read(std::uint32_t id, std::string_view window,
                                         std::size_t to) const;
    [[nodiscard]] std::size_t gate_read(std::uint32_t id, std::string_view window,
                                        std::size_t to) const;
    // How far before `end`, which probe() gave, the literal that ends at `to` begins; 0: there is
    // none.
    [[nodiscard]] std::uint32_t literal_back(std::uint32_t id, std::size_t to,
                                             std::size_t end) const {
        const std::size_t size = anchors_[id].literal;
        return size == 0 ? 0 : static_cast<std::uint32_t>(end - to + size);
    }
    // Where the probed text ends, for a literal that ends at `to`; 0: it does not stand as the rule
    // needs it, or not wholly in this window.
    [[nodiscard]] std::size_t probe(std::uint32_t id, std::string_view window,
                                    std::size_t to) const;

    [[nodiscard]] std::span<const char> bytes() const { return bytes_; }

  private:
    friend class ProbesWriter;
    struct AnchorRow {
        std::uint32_t rule;
        std::uint32_t first_run;
        std::uint32_t text; // where the literal is in texts_
        std::uint32_t next;
        std::uint32_t flags;
        std::uint16_t runs;
        std::uint16_t literal;   // its length; 0: an expression
        std::uint16_t before;    // a run, where flag_before is set
        std::uint16_t span;      // a run, where flag_span is set
        std::uint16_t look_back; // bytes that `backward` may read
        std::uint16_t forward;   // automata, where flag_reads is set
        std::uint16_t backward;
        std::uint16_t forward_start;
        std::uint16_t backward_start;
        std::uint16_t gate; // an automaton, where flag_gate is set
        std::uint16_t gate_start;
        std::uint16_t gate_reads; // bytes
        std::uint8_t bucket;      // SievePlace, where flag_sieved is set
        std::uint8_t offset;
    };
    static constexpr std::uint32_t magic = 0x35505453; // "STP5"
    static constexpr std::uint32_t flag_edge = 1;
    static constexpr std::uint32_t flag_any_case = 2;
    static constexpr std::uint32_t flag_before = 4;
    static constexpr std::uint32_t flag_span = 8;
    static constexpr std::uint32_t flag_reads = 16;
    static constexpr std::uint32_t flag_sieved = 32;
    static constexpr std::uint32_t flag_gate = 64;
    static constexpr std::uint32_t flag_all_read = 128;
    static constexpr unsigned place_shift = 8;
    struct RunRow {
        std::uint16_t set;
        std::uint16_t count;
        std::uint16_t latest;
        std::uint16_t between;
    };
    struct AutomatonRow {
        std::uint32_t next; // where its table begins in steps_
        std::uint16_t states;
        std::uint16_t width;
        std::array<std::uint8_t, 256> classes;
    };
    struct SetRow {
        std::uint64_t words[4];
        [[nodiscard]] bool has(char c) const {
            const auto byte = static_cast<unsigned char>(c);
            return (words[byte >> 6] >> (byte & 63) & 1) != 0;
        }
    };
    struct Header {
        std::uint32_t magic;
        std::uint32_t anchors;
        std::uint32_t runs;
        std::uint32_t sets;
        std::uint32_t texts; // bytes
        std::uint32_t stages;
        std::uint32_t automata;
        std::uint32_t steps;
    };

    [[nodiscard]] bool all_in(std::string_view text, std::uint16_t set) const;
    [[nodiscard]] bool run_before(const RunRow& run, std::string_view window,
                                  std::size_t begin) const;
    [[nodiscard]] std::size_t end_of_run(const RunRow& run, std::string_view window, std::size_t at,
                                         std::size_t latest) const;
    [[nodiscard]] bool read_back(const AnchorRow& anchor, std::string_view window,
                                 std::size_t begin) const;
    [[nodiscard]] std::size_t read_on(const AnchorRow& anchor, std::string_view window,
                                      std::size_t to) const;
    // `state` read on from `at`: where it is accepted, or `limit` where it is not sure by then; 0:
    // it is dead, or the window ends before it is sure.
    [[nodiscard]] std::size_t read(std::uint16_t which, std::size_t state, std::string_view window,
                                   std::size_t at, std::size_t limit) const;
    // An automaton's state, and where it was told or the limit met.
    struct Stop {
        std::size_t state;
        std::size_t at;
    };
    [[nodiscard]] Stop go_on(std::uint16_t which, std::size_t state, std::string_view window,
                             std::size_t at, std::size_t limit) const;
    [[nodiscard]] Stop go_back(std::uint16_t which, std::size_t state, std::string_view window,
                               std::size_t at, std::size_t limit) const;
    // How many bytes it may read on.
    static std::size_t room_of(const AnchorRow& anchor);
    [[nodiscard]] std::size_t probe_runs(const AnchorRow& anchor, std::string_view window,
                                         std::size_t to) const;
    static bool place_is_sound(const AnchorRow& anchor);
    static bool sieve_is_sound(const AnchorRow& anchor);
    [[nodiscard]] bool readings_are_sound(const AnchorRow& anchor) const;
    [[nodiscard]] bool gate_is_sound(const AnchorRow& anchor) const;
    [[nodiscard]] bool automaton_is_sound(const AutomatonRow& automaton) const;
    [[nodiscard]] bool sound() const;

    std::string own_;
    std::span<const char> bytes_;
    std::span<const AnchorRow> anchors_;
    std::span<const RunRow> runs_;
    std::span<const SetRow> sets_;
    std::span<const StageRow> stages_;
    std::span<const AutomatonRow> automata_;
    std::span<const std::uint16_t> steps_;
    std::span<const char> texts_;
};

// Collects anchors in the order of their numbers.
class ProbesWriter {
  public:
    // The number that Vectorscan is to say for an expression; Probes::none for literals.
    std::uint32_t add(std::uint32_t rule, const Anchor& anchor);
    // Of the rules in their order, those without a regex included.
    void add_stage(const StageRow& stage) { stages_.push_back(stage); }
    // The table; once.
    [[nodiscard]] std::string bytes();

  private:
    void add_gates();
    // With the sieve's places.
    [[nodiscard]] std::vector<Probes::AnchorRow> rows() const;
    std::uint16_t set_number(const ByteSet& set);
    Probes::RunRow row_of(const Run& run);
    std::uint16_t automaton_number(const std::shared_ptr<const Automaton>& automaton);
    void add_readings(const Anchor& anchor, Probes::AnchorRow& row);
    // Links `number` behind the last anchor with this text and place; false: it is the first.
    bool link(const Anchor& anchor, std::uint32_t number);

    std::vector<Probes::AnchorRow> anchors_;
    std::vector<Probes::RunRow> runs_;
    std::vector<ByteSet> sets_;
    std::vector<StageRow> stages_;
    std::vector<Probes::AutomatonRow> automata_;
    std::vector<std::uint16_t> steps_;
    std::map<std::shared_ptr<const Automaton>, std::uint16_t> automaton_numbers_;
    std::map<std::uint32_t, Reading> forward_; // of anchors that read
    std::string texts_;
    struct Sieved {
        std::vector<std::uint32_t> anchors;
        std::vector<Text> texts;
    };
    std::map<Anchor::Place, Sieved> sieved_;
    // Of each literal at a place: the anchor added last.
    std::map<std::tuple<Anchor::Place, std::string, bool>, std::uint32_t> last_;
};

} // namespace stanch::scan
