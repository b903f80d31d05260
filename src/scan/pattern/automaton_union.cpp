#include "scan/pattern/automaton_union.h"

#include <algorithm>
#include <map>

namespace stanch::scan {
namespace {

// The states that the automata are in; none: all are dead.
using States = std::vector<std::uint16_t>;

class Uniter {
  public:
    Uniter(std::span<const Reading> readings, std::size_t most_states)
        : readings_(readings), most_states_(most_states), sets_(2) {
        add_classes();
    }

    Reading all() {
        States states;
        for (const Reading& reading : readings_)
            states.push_back(reading.start);
        const std::uint16_t start = number(std::move(states));
        automaton_.next.assign(2 * std::size_t{automaton_.width}, Automaton::dead);
        std::fill_n(automaton_.next.begin() + automaton_.width, automaton_.width,
                    Automaton::accepted);
        for (std::size_t state = 2; state < sets_.size(); ++state)
            for (const std::uint8_t byte : examples_)
                automaton_.next.push_back(number(after(sets_[state], byte)));
        return {std::make_shared<const Automaton>(std::move(automaton_)), start};
    }

  private:
    // Bytes that no automaton tells apart.
    void add_classes() {
        std::map<std::vector<std::uint8_t>, std::uint8_t> known;
        for (std::size_t byte = 0; byte < 256; ++byte) {
            std::vector<std::uint8_t> classes;
            for (const Reading& reading : readings_)
                classes.push_back(reading.automaton->classes[byte]);
            const auto [at, fresh] =
                known.try_emplace(std::move(classes), static_cast<std::uint8_t>(known.size()));
            automaton_.classes[byte] = at->second;
            if (fresh) examples_.push_back(static_cast<std::uint8_t>(byte));
        }
        automaton_.width = static_cast<std::uint16_t>(examples_.size());
    }

    [[nodiscard]] States after(const States& states, std::uint8_t byte) const {
        States next;
        for (std::size_t i = 0; i < states.size(); ++i) {
            const Automaton& each = *readings_[i].automaton;
            next.push_back(each.next[std::size_t{states[i]} * each.width + each.classes[byte]]);
        }
        return next;
    }

    std::uint16_t number(States states) {
        if (std::ranges::find(states, Automaton::accepted) != states.end())
            return Automaton::accepted;
        if (std::ranges::all_of(states, [](std::uint16_t each) { return each == Automaton::dead; }))
            return Automaton::dead;
        const auto at = numbers_.find(states);
        if (at != numbers_.end()) return at->second;
        if (sets_.size() >= most_states_) return Automaton::accepted;
        const auto fresh = static_cast<std::uint16_t>(sets_.size());
        numbers_[states] = fresh;
        sets_.push_back(std::move(states));
        return fresh;
    }

    std::span<const Reading> readings_;
    std::size_t most_states_;
    Automaton automaton_;
    std::vector<std::uint8_t> examples_; // a byte of each class
    std::map<States, std::uint16_t> numbers_;
    std::vector<States> sets_;
};

} // namespace

Reading united(std::span<const Reading> readings, std::size_t most_states) {
    return Uniter(readings, most_states).all();
}

} // namespace stanch::scan
