#include "commits/pair_view.h"

#include <algorithm>
#include <cmath>

namespace stanch::commits {
namespace {

float part_share(const PairView& view, const WordSet& few, const Bag& bag) {
    float met = 0;
    float whole = 0;
    for (const Word word : few)
        whole += view.facts.part_rarity[word];
    meet(few, bag, [&](Word word, const auto&) { met += view.facts.part_rarity[word]; });
    return ratio(met, whole);
}

float prefix_share(std::string_view a, std::string_view b) {
    float shared = 0;
    float depth = 1;
    for (std::size_t at = 0; at < a.size() && at < b.size() && a[at] == b[at]; ++at)
        if (a[at] == '/') ++shared;
    depth += static_cast<float>(std::max(std::ranges::count(a, '/'), std::ranges::count(b, '/')));
    return shared / depth;
}

float set_share(const WordSet& a, const WordSet& b) {
    float met = 0;
    meet(a, b, [&](Word, Word) { ++met; });
    return ratio(met, static_cast<float>(std::min(a.size(), b.size())));
}

} // namespace

void fill_place(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const HunkFacts& a = view.facts.hunks[i];
    const HunkFacts& b = view.facts.hunks[j];
    const bool same_file = view.change.hunks[i].file == view.change.hunks[j].file;
    row.put_ordered(part_share(view, a.scope_parts, b.parts),
                    part_share(view, b.scope_parts, a.parts));
    row.put(a.function != Vocabulary::none && a.function == b.function && !same_file);
    row.put(same_file && a.scope >= 0 && a.scope == b.scope);
    row.put(same_file && a.holder != Vocabulary::none && a.holder == b.holder);
    row.put(same_file);
    const Measured& m = view.measured[i];
    const Measured& n = view.measured[j];
    const auto gap =
        static_cast<float>(m.middle > n.middle ? m.middle - n.middle : n.middle - m.middle);
    row.put(same_file ? std::log1p(gap) : 20.0F);
    row.put(same_file ? static_cast<float>(m.rank > n.rank ? m.rank - n.rank : n.rank - m.rank)
                      : 99.0F);
    row.put(std::log1p(static_cast<float>(view.change.file_of(i).hunks.size() +
                                          view.change.file_of(j).hunks.size())));
}

void fill_paths(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const FileFacts& a = view.facts.files[view.change.hunks[i].file];
    const FileFacts& b = view.facts.files[view.change.hunks[j].file];
    const HunkFacts& h = view.facts.hunks[i];
    const HunkFacts& k = view.facts.hunks[j];
    row.put(a.stem == b.stem);
    row.put(a.directory == b.directory);
    row.put(a.top == b.top);
    row.put(prefix_share(view.change.file_of(i).path, view.change.file_of(j).path));
    row.put(set_share(a.stem_parts, b.stem_parts));
    const auto names_module = [&](const HunkFacts& x, const FileFacts& y) {
        return (contains(x.imported, y.module) || contains(x.used, y.module) ||
                contains(x.lost, y.module))
                   ? view.facts.background[y.module]
                   : 0.0F;
    };
    row.put_ordered(names_module(h, b), names_module(k, a));
    row.put_ordered(part_share(view, a.stem_parts, k.parts),
                    part_share(view, b.stem_parts, h.parts));
}

void fill_kinds(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const FileKind a = view.facts.files[view.change.hunks[i].file].kind;
    const FileKind b = view.facts.files[view.change.hunks[j].file].kind;
    const auto low = static_cast<float>(std::min(a, b));
    const auto high = static_cast<float>(std::max(a, b));
    row.put(low * 8 + high);
    const auto any = [&](FileKind kind) { return a == kind || b == kind; };
    row.put(a == FileKind::code && b == FileKind::code);
    row.put(any(FileKind::code) && any(FileKind::test));
    row.put(a == FileKind::test && b == FileKind::test);
    row.put(any(FileKind::changelog));
    row.put(any(FileKind::documentation));
    row.put(any(FileKind::settings));
}

void fill_sizes(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const Measured& m = view.measured[i];
    const Measured& n = view.measured[j];
    row.put(std::min(m.lines, n.lines));
    row.put(std::max(m.lines, n.lines));
    row.put(std::min(m.balance, n.balance));
    row.put(std::max(m.balance, n.balance));
    const bool a = view.facts.files[view.change.hunks[i].file].created;
    const bool b = view.facts.files[view.change.hunks[j].file].created;
    row.put(a && b);
    row.put(a || b);
    row.put(std::log1p(static_cast<float>(view.change.hunks.size())));
    row.put(std::log1p(static_cast<float>(view.change.files.size())));
}

// Whether one hunk's changed lines name the definition that the other stands in.
void fill_calls(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const HunkFacts& a = view.facts.hunks[i];
    const HunkFacts& b = view.facts.hunks[j];
    const auto naming = [&](const HunkFacts& from, Word name) {
        return name != Vocabulary::none && (contains(from.used, name) || contains(from.lost, name))
                   ? view.facts.background[name]
                   : 0.0F;
    };
    row.put_ordered(naming(a, b.function), naming(b, a.function));
    row.put(std::max(naming(a, b.holder), naming(b, a.holder)));
}

} // namespace stanch::commits
