#include "scan/pattern/first_stage.h"

#include <algorithm>
#include <optional>

namespace stanch::scan {
namespace {

// Behind (or before) a literal, this much of a run is enough to make a pattern rare; more only
// makes the automaton larger.
constexpr std::size_t enough_of_a_run = 16;
constexpr std::size_t most_branches = 64;

using Parts = std::vector<Tree>;

// Sequences in sequences and groups taken once dissolve; what is empty goes.
void flatten(const Tree& tree, Parts& out) {
    if (tree.kind == Tree::Kind::empty) return;
    const bool once = tree.kind == Tree::Kind::repeat && tree.least == 1 && tree.most == 1;
    if (tree.kind == Tree::Kind::sequence || once ||
        (tree.kind == Tree::Kind::choice && tree.parts.size() == 1))
        for (const Tree& part : tree.parts)
            flatten(part, out);
    else
        out.push_back(tree);
}

bool assertion(const Tree& tree) {
    return tree.kind == Tree::Kind::edge || tree.kind == Tree::Kind::inside;
}

// The part as the first or last of a pattern: a run is cut to its least length. nullopt: nothing is
// left of it.
std::optional<Tree> cut(const Tree& part) {
    if (assertion(part)) return part;
    if (width_of(part).least == 0) return std::nullopt;
    if (part.kind != Tree::Kind::repeat) return part;
    Tree shorter = part;
    const std::size_t one = std::max<std::size_t>(1, width_of(part.parts[0]).least);
    shorter.least = std::min(part.least, std::max<std::size_t>(1, enough_of_a_run / one));
    shorter.most = shorter.least;
    return shorter;
}

struct Candidate {
    Parts parts;
    std::size_t first = 0; // the index of its first part in the whole
    std::size_t literal = 0;
    Width width;

    [[nodiscard]] bool better_than(const Candidate& other) const {
        const std::size_t mine = std::min<std::size_t>(literal, 10);
        const std::size_t theirs = std::min<std::size_t>(other.literal, 10);
        if (mine != theirs) return mine > theirs;
        // Rare enough is enough; of two such, the narrower makes the smaller automaton.
        const std::size_t rare = std::min(width.least, literal + 2 * enough_of_a_run);
        const std::size_t other_rare =
            std::min(other.width.least, other.literal + 2 * enough_of_a_run);
        return rare != other_rare ? rare > other_rare : width.most < other.width.most;
    }
};

Tree sequence(Parts parts) {
    Tree tree;
    tree.kind = Tree::Kind::sequence;
    tree.parts = std::move(parts);
    return tree;
}

// Parts [first, last) as a pattern, its ends cut. nullopt: empty or too wide.
std::optional<Candidate> candidate(const Parts& parts, std::size_t first, std::size_t last) {
    Candidate made;
    while (first < last && !cut(parts[first]))
        ++first;
    while (first < last && !cut(parts[last - 1]))
        --last;
    if (first == last) return std::nullopt;
    made.first = first;
    made.parts.push_back(*cut(parts[first]));
    for (std::size_t i = first + 1; i + 1 < last; ++i)
        made.parts.push_back(parts[i]);
    if (last - first > 1) made.parts.push_back(*cut(parts[last - 1]));
    const Tree whole = sequence(made.parts);
    made.width = width_of(whole);
    if (made.width.most > widest_pattern || made.width.least == 0) return std::nullopt;
    made.literal = literal_of(whole);
    return made;
}

// The best of all ranges of parts. A hundred parts are five thousand ranges; longer expressions are
// looked at in ranges of at most fifty.
std::optional<Candidate> best_of(const Parts& parts) {
    std::optional<Candidate> best;
    for (std::size_t first = 0; first < parts.size(); ++first) {
        const std::size_t end =
            parts.size() <= 100 ? parts.size() : std::min(parts.size(), first + 50);
        for (std::size_t last = end; last > first; --last) {
            auto made = candidate(parts, first, last);
            if (made && (!best || made->better_than(*best))) best = std::move(made);
        }
    }
    return best;
}

// How far before the end of the pattern's first occurrence a match can start.
std::size_t back_of(const Parts& parts, const Candidate& chosen) {
    const Parts before(parts.begin(),
                       parts.begin() + static_cast<std::ptrdiff_t>(chosen.first) + 1);
    const std::size_t lead = width_of(sequence(before)).most;
    if (lead >= longest_match) return longest_match;
    return std::min(longest_match, lead + chosen.width.most);
}

void add_branch(const Tree& branch, FirstStage& stage) {
    Parts parts;
    flatten(branch, parts);
    const auto chosen = best_of(parts);
    if (!chosen) { // a match may be anywhere
        stage.patterns.push_back("[\\x00-\\xff]");
        stage.literal = 0;
        stage.width = std::max<std::size_t>(stage.width, 1);
        stage.back = stage.reach;
        return;
    }
    stage.patterns.push_back(to_pattern(sequence(chosen->parts)));
    stage.literal = std::min(stage.literal, chosen->literal);
    stage.width = std::max(stage.width, chosen->width.most);
    stage.back = std::max(stage.back, back_of(parts, *chosen));
}

} // namespace

FirstStage derive_first_stage(const Tree& tree) {
    FirstStage stage;
    stage.literal = unbounded;
    stage.reach = std::min(longest_match, width_of(tree).most);
    Parts parts;
    flatten(tree, parts);
    const bool choice = parts.size() == 1 && parts[0].kind == Tree::Kind::choice &&
                        parts[0].parts.size() <= most_branches;
    if (choice)
        for (const Tree& branch : parts[0].parts)
            add_branch(branch, stage);
    else
        add_branch(tree, stage);
    return stage;
}

} // namespace stanch::scan
