#include "commits/features.h"

#include "commits/pair_view.h"

#include <cmath>

namespace stanch::commits {
namespace {

// Columns of feature_names() that are filled last, or read for it.
enum : std::size_t {
    all_both = 2,
    parts_both = 5,
    nearest_max = 72,
    nearest_min = 73,
    change_lines = 74,
    history_larger = 75,
    history_cover = 76,
    past = 77,
};

float norm(const Bag& bag, const std::vector<float>& weight) {
    float sum = 0;
    for (const auto& [word, count] : bag)
        sum += count * count * weight[word] * weight[word];
    return std::sqrt(sum);
}

float norm(const Bag& bag) {
    float sum = 0;
    for (const auto& [commit, loud] : bag)
        sum += loud * loud;
    return std::sqrt(sum);
}

Measured measure(const PairView& view, std::size_t index) {
    const HunkFacts& hunk = view.facts.hunks[index];
    const Hunk& at = view.change.hunks[index];
    Measured out;
    out.all_rarity = norm(hunk.all, view.facts.rarity);
    out.all_background = norm(hunk.all, view.facts.background);
    out.all_both = norm(hunk.all, view.both);
    out.changed_both = norm(hunk.changed, view.both);
    out.changed_rarity = norm(hunk.changed, view.facts.rarity);
    out.parts = norm(hunk.parts, view.facts.part_rarity);
    out.changed_parts = norm(hunk.changed_parts, view.facts.part_rarity);
    out.context = norm(hunk.context, view.facts.background);
    out.topics = norm(hunk.topics);
    out.echoes = norm(hunk.echoes);
    out.exact = norm(hunk.look.exact);
    out.shape = norm(hunk.look.shape);
    out.body = norm(view.facts.bodies[hunk.body], view.facts.background);
    out.scope = norm(hunk.scope_bag, view.facts.part_rarity);
    out.lines = std::log1p(static_cast<float>(at.old_lines + at.new_lines));
    out.balance = static_cast<float>(at.new_lines) /
                  static_cast<float>(std::max(1U, at.old_lines + at.new_lines));
    out.middle = at.new_start + at.new_lines / 2;
    return out;
}

template <class Each>
void for_each_row(std::size_t count, std::vector<float>& rows, Each each) {
    float* row = rows.data();
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i + 1; j < count; ++j, row += feature_names().size())
            each(i, j, row);
}

void fill(const PairView& view, std::size_t i, std::size_t j, float* numbers) {
    Row row(numbers);
    fill_words(view, i, j, row);
    fill_names(view, i, j, row);
    fill_place(view, i, j, row);
    fill_paths(view, i, j, row);
    fill_kinds(view, i, j, row);
    fill_history(view, i, j, row);
    fill_edits(view, i, j, row);
    fill_sizes(view, i, j, row);
    Row rest(numbers + past);
    fill_past(view, i, j, rest);
    fill_files(view, i, j, rest);
    fill_change(view, rest);
    fill_calls(view, i, j, rest);
    fill_looks(view, i, j, rest);
    fill_style(view, i, j, rest);
}

// How near the pair is, measured by the nearest that either has.
void fill_nearest(const PairView& view, std::vector<float>& rows) {
    const std::size_t count = view.change.hunks.size();
    std::vector<float> best(count);
    const auto nearness = [&](const float* row) { return row[all_both] + 0.5F * row[parts_both]; };
    for_each_row(count, rows, [&](std::size_t i, std::size_t j, float* row) {
        best[i] = std::max(best[i], nearness(row));
        best[j] = std::max(best[j], nearness(row));
    });
    for_each_row(count, rows, [&](std::size_t i, std::size_t j, float* row) {
        const float a = ratio(nearness(row), best[i]);
        const float b = ratio(nearness(row), best[j]);
        row[nearest_max] = std::max(a, b);
        row[nearest_min] = std::min(a, b);
        row[change_lines] = view.lines;
        row[history_larger] = view.facts.larger_share;
        row[history_cover] = view.facts.best_cover;
    });
}

} // namespace

PairView::PairView(const Change& of, const Facts& with)
    : change(of), facts(with), both(with.rarity.size()) {
    for (std::size_t word = 0; word < both.size(); ++word)
        both[word] = std::sqrt(facts.rarity[word] * facts.background[word]);
    std::uint32_t sum = 0;
    for (const Hunk& hunk : change.hunks) {
        sum += hunk.old_lines + hunk.new_lines;
        if (facts.files[hunk.file].kind == FileKind::changelog) ++changelog_hunks;
    }
    lines = std::log1p(static_cast<float>(sum));
    for (std::size_t i = 0; i < change.hunks.size(); ++i)
        measured.push_back(measure(*this, i));
    for (const FileChange& file : change.files)
        for (std::uint32_t rank = 0; rank < file.hunks.size(); ++rank)
            measured[file.hunks[rank]].rank = rank;
}

std::vector<float> pair_features(const Change& change, const Facts& facts) {
    const std::size_t count = change.hunks.size();
    if (count < 2) return {};
    const PairView view(change, facts);
    std::vector<float> rows(count * (count - 1) / 2 * feature_names().size());
    for_each_row(count, rows,
                 [&](std::size_t i, std::size_t j, float* row) { fill(view, i, j, row); });
    fill_nearest(view, rows);
    return rows;
}

std::size_t pair_index(std::size_t i, std::size_t j, std::size_t count) {
    if (i > j) std::swap(i, j);
    return i * (2 * count - i - 1) / 2 + (j - i - 1);
}

} // namespace stanch::commits
