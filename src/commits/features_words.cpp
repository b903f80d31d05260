#include "commits/pair_view.h"

#include <algorithm>
#include <cmath>

namespace stanch::commits {
namespace {

float parts_cosine(const PairView& view, const Bag& a, const Bag& b, float norms, float& best) {
    float sum = 0;
    meet(a, b, [&](const auto& x, const auto& y) {
        const float weight = view.facts.part_rarity[x.first];
        sum += x.second * y.second * weight * weight;
        best = std::max(best, weight);
    });
    return ratio(sum, norms);
}

// How much of a's changed words stands around b.
float context_share(const PairView& view, const Bag& a, const Bag& context, float whole) {
    float sum = 0;
    meet(a, context,
         [&](const auto& x, const auto&) { sum += view.both[x.first] * view.both[x.first]; });
    return ratio(std::sqrt(sum), whole);
}

struct Met {
    float best = 0;
    float count = 0;
};

Met words_met(const PairView& view, const WordSet& a, const WordSet& b) {
    Met met;
    meet(a, b, [&](Word word, Word) {
        met.best = std::max(met.best, view.both[word]);
        ++met.count;
    });
    return met;
}

} // namespace

void fill_words(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const HunkFacts& a = view.facts.hunks[i];
    const HunkFacts& b = view.facts.hunks[j];
    const Measured& m = view.measured[i];
    const Measured& n = view.measured[j];
    float rarity = 0;
    float background = 0;
    float both = 0;
    float best = 0;
    float best_background = 0;
    float count = 0;
    meet(a.all, b.all, [&](const auto& x, const auto& y) {
        const Word word = x.first;
        const float weight = x.second * y.second;
        rarity += weight * view.facts.rarity[word] * view.facts.rarity[word];
        background += weight * view.facts.background[word] * view.facts.background[word];
        both += weight * view.both[word] * view.both[word];
        best = std::max(best, view.both[word]);
        best_background = std::max(best_background, view.facts.background[word]);
        ++count;
    });
    row.put(ratio(rarity, m.all_rarity * n.all_rarity));
    row.put(ratio(background, m.all_background * n.all_background));
    row.put(ratio(both, m.all_both * n.all_both));
    float changed_rarity = 0;
    float changed_both = 0;
    float changed_best = 0;
    float changed_count = 0;
    meet(a.changed, b.changed, [&](const auto& x, const auto& y) {
        const Word word = x.first;
        changed_rarity += x.second * y.second * view.facts.rarity[word] * view.facts.rarity[word];
        changed_both += x.second * y.second * view.both[word] * view.both[word];
        changed_best = std::max(changed_best, view.both[word]);
        ++changed_count;
    });
    row.put(ratio(changed_both, m.changed_both * n.changed_both));
    row.put(ratio(changed_rarity, m.changed_rarity * n.changed_rarity));
    float part_best = 0;
    row.put(parts_cosine(view, a.parts, b.parts, m.parts * n.parts, part_best));
    float ignored = 0;
    row.put(parts_cosine(view, a.changed_parts, b.changed_parts, m.changed_parts * n.changed_parts,
                         ignored));
    row.put_ordered(context_share(view, a.changed, b.context, m.changed_both),
                    context_share(view, b.changed, a.context, n.changed_both));
    row.put(
        ratio(shared_weight(a.context, b.context, view.facts.background), m.context * n.context));
    row.put(best);
    row.put(best_background);
    row.put(std::log1p(count));
    row.put(changed_best);
    row.put(std::log1p(changed_count));
    row.put(part_best);
}

void fill_names(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const HunkFacts& a = view.facts.hunks[i];
    const HunkFacts& b = view.facts.hunks[j];
    const Met there = words_met(view, a.defined, b.used);
    const Met back = words_met(view, b.defined, a.used);
    row.put_ordered(there.best, back.best);
    row.put(std::log1p(there.count + back.count));
    row.put(std::max(words_met(view, a.undefined, b.lost).best,
                     words_met(view, b.undefined, a.lost).best));
    const auto import_use = [&](const HunkFacts& x, const HunkFacts& y) {
        return std::max(words_met(view, x.imported, y.used).best,
                        words_met(view, x.imported, y.lost).best);
    };
    row.put_ordered(import_use(a, b), import_use(b, a));
    row.put(words_met(view, a.imported, b.imported).best);
    row.put(words_met(view, a.added, b.added).best);
    row.put(words_met(view, a.removed, b.removed).best);
    row.put(std::max(words_met(view, a.added, b.removed).best,
                     words_met(view, b.added, a.removed).best));
}

void fill_edits(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const HunkFacts& a = view.facts.hunks[i];
    const HunkFacts& b = view.facts.hunks[j];
    row.put(a.edit != 0 && a.edit == b.edit);
    float met = 0;
    meet(a.changed, b.changed, [&](const auto&, const auto&) { ++met; });
    row.put(ratio(met, static_cast<float>(a.changed.size() + b.changed.size()) - met));
    const auto both_any = [&](bool x, bool y) {
        row.put(x && y);
        row.put(x || y);
    };
    both_any(a.only_blank, b.only_blank);
    both_any(a.only_comment, b.only_comment);
    both_any(a.only_imports, b.only_imports);
}

} // namespace stanch::commits
