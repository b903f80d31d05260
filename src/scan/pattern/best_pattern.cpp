// Where a rule has no literal: a pattern for Vectorscan in its place.
#include "scan/pattern/first_stage.h"
#include "scan/pattern/text_set.h"

#include <algorithm>
#include <optional>

namespace stanch::scan {
namespace {

// This much of a run is enough to make a pattern rare; more only makes the automaton larger.
constexpr std::size_t enough_of_a_run = 16;
constexpr std::size_t most_parts = 50;

using Parts = std::vector<Tree>;

bool assertion(const Tree& tree) {
    return tree.kind == Tree::Kind::edge || tree.kind == Tree::Kind::inside;
}

// The part as the first or last of a pattern: a run is cut to its least length. nullopt: nothing is
// left of it.
std::optional<Tree> cut(const Tree& part) {
    if (assertion(part)) return std::nullopt; // it would look at a byte outside
    if (width_of(part).least == 0) return std::nullopt;
    if (part.kind != Tree::Kind::repeat) return part;
    Tree shorter = part;
    const std::size_t one = std::max<std::size_t>(1, width_of(part.parts[0]).least);
    shorter.least = std::min(part.least, std::max<std::size_t>(1, enough_of_a_run / one));
    shorter.most = shorter.least;
    return shorter;
}

Tree sequence(Parts parts) {
    Tree tree;
    tree.kind = Tree::Kind::sequence;
    tree.parts = std::move(parts);
    return tree;
}

// Parts [first, last), their ends cut. nullopt: empty or too wide.
std::optional<Tree> range_of(const Parts& parts, std::size_t first, std::size_t last) {
    while (first < last && !cut(parts[first]))
        ++first;
    while (first < last && !cut(parts[last - 1]))
        --last;
    if (first == last) return std::nullopt;
    Parts chosen{*cut(parts[first])};
    for (std::size_t i = first + 1; i + 1 < last; ++i)
        chosen.push_back(parts[i]);
    if (last - first > 1) chosen.push_back(*cut(parts[last - 1]));
    Tree tree = sequence(std::move(chosen));
    const Width width = width_of(tree);
    if (width.most > widest_probe || width.least == 0) return std::nullopt;
    return tree;
}

} // namespace

std::string best_pattern(const Parts& parts) {
    std::optional<Tree> best;
    auto better = [&](const Tree& tree) {
        if (!best) return true;
        const Width width = width_of(tree);
        const Width other = width_of(*best);
        return width.least != other.least ? width.least > other.least : width.most < other.most;
    };
    for (std::size_t first = 0; first < parts.size(); ++first)
        for (std::size_t last = std::min(parts.size(), first + most_parts); last > first; --last)
            if (auto tree = range_of(parts, first, last); tree && better(*tree))
                best = std::move(tree);
    return best ? to_pattern(*best) : "[\\x00-\\xff]"; // a match may be anywhere
}

} // namespace stanch::scan
