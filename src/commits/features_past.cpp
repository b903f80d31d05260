#include "commits/pair_view.h"

#include <algorithm>
#include <cmath>

namespace stanch::commits {
namespace {

float commits_cosine(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b,
                     float& both, float& last) {
    both = 0;
    meet(a, b, [&](std::uint16_t commit, std::uint16_t) {
        last = std::min(last, static_cast<float>(commit));
        ++both;
    });
    return ratio(both, std::sqrt(static_cast<float>(a.size()) * static_cast<float>(b.size())));
}

float bag_cosine(const Bag& a, const Bag& b, float norms, float& best) {
    float sum = 0;
    meet(a, b, [&](const auto& x, const auto& y) {
        sum += x.second * y.second;
        best = std::max(best, std::min(x.second, y.second));
    });
    return ratio(sum, norms);
}

// How much of a hunk's words stood in the subjects of the commits that touched the other's
// file.
float profile_share(const PairView& view, const Bag& profile, const HunkFacts& hunk, float norm) {
    float whole = 0;
    for (const auto& [word, count] : profile)
        whole += count * count * view.facts.part_rarity[word] * view.facts.part_rarity[word];
    return ratio(shared_weight(profile, hunk.parts, view.facts.part_rarity),
                 norm * std::sqrt(whole));
}

// How many commits of one list stand within two of one of the other, without being in both: files
// that are touched one after the other rather than together.
float count_adjacent(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
    float count = 0;
    for (const std::uint16_t commit : a) {
        if (std::ranges::binary_search(b, commit)) continue;
        const auto at =
            std::ranges::lower_bound(b, static_cast<std::uint16_t>(commit > 1 ? commit - 2 : 0));
        if (at != b.end() && *at <= commit + 2) ++count;
    }
    return count;
}

} // namespace

void fill_history(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const std::vector<std::uint16_t>& a = view.facts.files[view.change.hunks[i].file].commits;
    const std::vector<std::uint16_t>& b = view.facts.files[view.change.hunks[j].file].commits;
    float together = 0;
    float last = 999;
    if (view.change.hunks[i].file != view.change.hunks[j].file)
        meet(a, b, [&](std::uint16_t commit, std::uint16_t) {
            last = std::min(last, static_cast<float>(commit));
            ++together;
        });
    const auto fewer = static_cast<float>(std::min(a.size(), b.size()));
    const auto more = static_cast<float>(std::max(a.size(), b.size()));
    row.put(together);
    row.put(ratio(together, fewer));
    row.put(last);
    row.put(fewer);
    row.put(more);
}

void fill_past(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const HunkFacts& a = view.facts.hunks[i];
    const HunkFacts& b = view.facts.hunks[j];
    const Measured& m = view.measured[i];
    const Measured& n = view.measured[j];
    float both = 0;
    float last = 1999;
    const float near = commits_cosine(a.near_past, b.near_past, both, last);
    row.put(std::log1p(both));
    row.put(near);
    row.put(last);
    row.put(commits_cosine(a.around_past, b.around_past, both, last));
    row.put(std::log1p(both));
    float best = 0;
    row.put(bag_cosine(a.echoes, b.echoes, m.echoes * n.echoes, best));
    row.put(best);
    best = 0;
    row.put(bag_cosine(a.topics, b.topics, m.topics * n.topics, best));
    row.put(best);
}

void fill_files(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    const FileFacts& a = view.facts.files[view.change.hunks[i].file];
    const FileFacts& b = view.facts.files[view.change.hunks[j].file];
    row.put_ordered(profile_share(view, a.profile, view.facts.hunks[j], view.measured[j].parts),
                    profile_share(view, b.profile, view.facts.hunks[i], view.measured[i].parts));
    float both = 0;
    float last = 0;
    commits_cosine(a.near_commits, b.near_commits, both, last);
    row.put(
        ratio(both, static_cast<float>(std::min(a.near_commits.size(), b.near_commits.size()))));
    row.put(std::log1p(both));
    const auto x = static_cast<std::size_t>(a.kind);
    const auto y = static_cast<std::size_t>(b.kind);
    row.put_ordered(view.facts.kind_given[x][y], view.facts.kind_given[y][x]);
    float renamed = 0;
    meet(view.facts.hunks[i].renames, view.facts.hunks[j].renames, [&](Word, Word) { ++renamed; });
    row.put(renamed);
    const auto imports = [&](const FileFacts& from, const FileFacts& to) {
        return contains(from.imports, to.module) ? view.facts.background[to.module] : 0.0F;
    };
    row.put_ordered(imports(a, b), imports(b, a));
}

// How this repository commits, and how this change's files were edited before.
void fill_style(const PairView& view, std::size_t i, std::size_t j, Row& row) {
    row.put(view.facts.hunks_larger);
    row.put(view.facts.lines_larger);
    row.put(view.facts.repeated);
    row.put(view.facts.squashed);
    const FileFacts& a = view.facts.files[view.change.hunks[i].file];
    const FileFacts& b = view.facts.files[view.change.hunks[j].file];
    const auto hunks = [&](std::size_t hunk) {
        return static_cast<float>(view.change.file_of(hunk).hunks.size());
    };
    row.put_ordered(ratio(hunks(i), a.usual_hunks), ratio(hunks(j), b.usual_hunks));
    float adjacent = 0;
    float together = 0;
    if (view.change.hunks[i].file != view.change.hunks[j].file) {
        adjacent = count_adjacent(a.commits, b.commits);
        meet(a.commits, b.commits, [&](std::uint16_t, std::uint16_t) { ++together; });
    }
    row.put(std::log1p(adjacent));
    row.put(ratio(adjacent, adjacent + together));
}

// What is the same for all pairs of a change.
void fill_change(const PairView& view, Row& row) {
    const auto files = [&](auto test) {
        return static_cast<float>(std::ranges::count_if(view.facts.files, test));
    };
    row.put(view.changelog_hunks);
    row.put(files([](const FileFacts& f) { return f.kind == FileKind::test; }));
    row.put(files([](const FileFacts& f) { return f.kind == FileKind::code; }));
    row.put(files([](const FileFacts& f) { return f.created; }));
    row.put(view.facts.code_larger);
    row.put(view.facts.files_usual);
    row.put(view.facts.kind_given[0][static_cast<std::size_t>(FileKind::test)]);
    row.put(view.facts.kind_given[0][static_cast<std::size_t>(FileKind::changelog)]);
}

} // namespace stanch::commits
