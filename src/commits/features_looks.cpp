#include "commits/pair_view.h"

#include <algorithm>
#include <cmath>

namespace stanch::commits {
namespace {

float cosine(const Bag& a, const Bag& b, float norms) {
    float sum = 0;
    meet(a, b, [&](const auto& x, const auto& y) { sum += x.second * y.second; });
    return ratio(sum, norms);
}

bool holds(const Bag& bag, Word word) {
    const auto at = std::ranges::lower_bound(bag, word, {}, &Bag::value_type::first);
    return at != bag.end() && at->first == word;
}

// The rarest of the names that `from` stands in or defines, of those that are `there`.
template <class There>
float rarest_name(const PairView& view, const HunkFacts& from, There there) {
    float best = 0;
    const auto look = [&](Word name) {
        if (name != Vocabulary::none && there(name))
            best = std::max(best, view.facts.background[name]);
    };
    look(from.function);
    look(from.holder);
    for (const Word name : from.defined)
        look(name);
    return best;
}

// How much of a's changed words stands in the definition around b.
float share_in(const PairView& view, const HunkFacts& a, const Bag& body, float whole) {
    float sum = 0;
    meet(a.changed, body,
         [&](const auto& x, const auto&) { sum += view.both[x.first] * view.both[x.first]; });
    return ratio(std::sqrt(sum), whole);
}

void put_flags(bool a, bool b, Row& row) {
    row.put(a && b);
    row.put(a || b);
}

void fill_bodies(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const HunkFacts& a = view.facts.hunks[i];
    const HunkFacts& b = view.facts.hunks[j];
    const Bag& around_a = view.facts.bodies[a.body];
    const Bag& around_b = view.facts.bodies[b.body];
    row.put(ratio(shared_weight(around_a, around_b, view.facts.background),
                  view.measured[i].body * view.measured[j].body));
    row.put_ordered(rarest_name(view, a, [&](Word name) { return holds(around_b, name); }),
                    rarest_name(view, b, [&](Word name) { return holds(around_a, name); }));
    row.put_ordered(share_in(view, a, around_b, view.measured[i].changed_both),
                    share_in(view, b, around_a, view.measured[j].changed_both));
    const WordSet& file_a = view.facts.files[view.change.hunks[i].file].words;
    const WordSet& file_b = view.facts.files[view.change.hunks[j].file].words;
    row.put_ordered(rarest_name(view, a, [&](Word name) { return contains(file_b, name); }),
                    rarest_name(view, b, [&](Word name) { return contains(file_a, name); }));
}

} // namespace

void fill_looks(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const HunkFacts& a = view.facts.hunks[i];
    const HunkFacts& b = view.facts.hunks[j];
    const Measured& m = view.measured[i];
    const Measured& n = view.measured[j];
    row.put(cosine(a.look.exact, b.look.exact, m.exact * n.exact));
    row.put(cosine(a.look.shape, b.look.shape, m.shape * n.shape));
    put_flags(a.look.cosmetic, b.look.cosmetic, row);
    put_flags(a.only_prose, b.only_prose, row);
    fill_bodies(view, i, j, row);
    row.put(
        ratio(shared_weight(a.scope_bag, b.scope_bag, view.facts.part_rarity), m.scope * n.scope));
    float best = 0;
    float count = 0;
    meet(a.literals, b.literals, [&](Word word, Word) {
        best = std::max(best, view.facts.literal_rarity[word]);
        ++count;
    });
    row.put(best);
    row.put(std::log1p(count));
    bool same = false;
    meet(a.issues, b.issues, [&](Word, Word) { same = true; });
    row.put(same);
    row.put(!same && !a.issues.empty() && !b.issues.empty());
    put_flags(!a.defined.empty(), !b.defined.empty(), row);
}

} // namespace stanch::commits
