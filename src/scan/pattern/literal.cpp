// How long a literal must occur in every match: what makes a pattern cheap.
#include "scan/pattern/first_stage.h"

#include <algorithm>

namespace stanch::scan {
namespace {

// A class of up to this many bytes counts as a part of a literal: gh[oprsu]_ is five literals of
// four.
constexpr std::size_t narrow_class = 8;
constexpr std::size_t most_literals = 96;

// The texts of a tree where they are few: how many, and how short the shortest.
struct Exact {
    bool few = false;
    std::size_t count = 1;
    std::size_t shortest = 0;
};

std::size_t distinct_ignoring_case(const ByteSet& set) {
    std::size_t count = set.count();
    for (unsigned c = 'a'; c <= 'z'; ++c)
        if (set[c] && set[c - 32]) --count;
    return count;
}

Exact exact_of(const Tree& tree);

Exact exact_of_sequence(const std::vector<Tree>& parts) {
    Exact all{true, 1, 0};
    for (const Tree& part : parts) {
        const Exact one = exact_of(part);
        all.few = all.few && one.few;
        if (!all.few) return {};
        all.count *= one.count;
        all.shortest += one.shortest;
        if (all.count > most_literals) return {};
    }
    return all;
}

Exact exact_of_choice(const std::vector<Tree>& parts) {
    Exact all{true, 0, unbounded};
    for (const Tree& part : parts) {
        const Exact one = exact_of(part);
        all.few = all.few && one.few;
        all.count += one.count;
        all.shortest = std::min(all.shortest, one.shortest);
    }
    if (all.count > most_literals) all.few = false;
    return all;
}

Exact exact_of(const Tree& tree) {
    switch (tree.kind) {
    case Tree::Kind::empty:
    case Tree::Kind::edge:
    case Tree::Kind::inside:
        return {true, 1, 0};
    case Tree::Kind::bytes: {
        const std::size_t count = distinct_ignoring_case(tree.set);
        return {count <= narrow_class, count, 1};
    }
    case Tree::Kind::sequence:
        return exact_of_sequence(tree.parts);
    case Tree::Kind::choice:
        return exact_of_choice(tree.parts);
    case Tree::Kind::repeat:
        break;
    }
    if (tree.least != tree.most) return {};
    const Exact one = exact_of(tree.parts[0]);
    if (!one.few || (one.count != 1 && tree.least > 2)) return {};
    std::size_t count = 1;
    for (std::size_t i = 0; i < tree.least && one.count > 1; ++i)
        count *= one.count;
    return {count <= most_literals, count, one.shortest * tree.least};
}

// The best run of parts whose texts are few, or the best inside of one part.
std::size_t literal_of_sequence(const std::vector<Tree>& parts) {
    std::size_t best = 0;
    Exact run{true, 1, 0};
    for (const Tree& part : parts) {
        const Exact one = exact_of(part);
        if (one.few && run.count * one.count <= most_literals) {
            run = {true, run.count * one.count, run.shortest + one.shortest};
        } else if (one.few) {
            run = one;
        } else {
            run = {true, 1, 0};
            best = std::max(best, literal_of(part));
        }
        best = std::max(best, run.shortest);
    }
    return best;
}

} // namespace

std::size_t literal_of(const Tree& tree) {
    const Exact exact = exact_of(tree);
    if (exact.few) return exact.shortest;
    switch (tree.kind) {
    case Tree::Kind::sequence:
        return literal_of_sequence(tree.parts);
    case Tree::Kind::choice: {
        std::size_t least = unbounded;
        for (const Tree& part : tree.parts)
            least = std::min(least, literal_of(part));
        return least == unbounded ? 0 : least;
    }
    case Tree::Kind::repeat:
        return tree.least == 0 ? 0 : literal_of(tree.parts[0]);
    default:
        return 0;
    }
}

} // namespace stanch::scan
