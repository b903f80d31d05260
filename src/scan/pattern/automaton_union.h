// Several automata as one: what none of them lets pass, it does not let pass.
#pragma once

#include "scan/pattern/automaton.h"

#include <memory>
#include <span>

namespace stanch::scan {

// An automaton that reads on from the literal, or back from it; none: whatever stands there will
// do.
struct Reading {
    std::shared_ptr<const Automaton> automaton;
    std::uint16_t start = Automaton::accepted;
};

// Accepted where one of `readings` is, dead where all are. Beyond `most_states`, it accepts.
Reading united(std::span<const Reading> readings, std::size_t most_states);

} // namespace stanch::scan
