#include "commits/features.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stanch::commits {
namespace {

constexpr std::array<std::string_view, 77> names{"all_rarity",
                                                 "all_background",
                                                 "all_both",
                                                 "changed_both",
                                                 "changed_rarity",
                                                 "parts",
                                                 "changed_parts",
                                                 "context_max",
                                                 "context_min",
                                                 "context_context",
                                                 "shared_best",
                                                 "shared_best_background",
                                                 "shared_count",
                                                 "shared_changed_best",
                                                 "shared_changed_count",
                                                 "part_best",
                                                 "define_use_max",
                                                 "define_use_min",
                                                 "define_use_count",
                                                 "undefine_lost",
                                                 "import_use_max",
                                                 "import_use_min",
                                                 "import_import",
                                                 "added_added",
                                                 "removed_removed",
                                                 "added_removed",
                                                 "scope_named_max",
                                                 "scope_named_min",
                                                 "scope_scope",
                                                 "same_function",
                                                 "same_holder",
                                                 "same_file",
                                                 "distance",
                                                 "rank_distance",
                                                 "file_hunks",
                                                 "same_stem",
                                                 "same_directory",
                                                 "same_top",
                                                 "path_prefix",
                                                 "stem_overlap",
                                                 "module_named_max",
                                                 "module_named_min",
                                                 "path_in_words_max",
                                                 "path_in_words_min",
                                                 "kind_pair",
                                                 "both_code",
                                                 "code_test",
                                                 "both_test",
                                                 "any_changelog",
                                                 "any_docs",
                                                 "any_settings",
                                                 "together",
                                                 "together_share",
                                                 "together_last",
                                                 "history_min",
                                                 "history_max",
                                                 "same_edit",
                                                 "edit_overlap",
                                                 "both_blank",
                                                 "any_blank",
                                                 "both_comment",
                                                 "any_comment",
                                                 "both_imports",
                                                 "any_imports",
                                                 "lines_min",
                                                 "lines_max",
                                                 "balance_min",
                                                 "balance_max",
                                                 "created_both",
                                                 "created_any",
                                                 "hunks",
                                                 "files",
                                                 "nearest_max",
                                                 "nearest_min",
                                                 "lines",
                                                 "history_larger",
                                                 "history_cover"};

enum : std::size_t {
    all_both = 2,
    parts_both = 5,
    nearest_max = 72,
    nearest_min = 73,
    change_lines = 74,
    history_larger = 75,
    history_cover = 76,
};

float norm(const Bag& bag, const std::vector<float>& weight) {
    float sum = 0;
    for (const auto& [word, count] : bag)
        sum += count * count * weight[word] * weight[word];
    return std::sqrt(sum);
}

// Words of both, in one pass.
template <class A, class B, class Each>
void meet(const A& a, const B& b, Each each) {
    auto i = a.begin();
    auto j = b.begin();
    const auto key = [](const auto& entry) {
        if constexpr (requires { entry.first; })
            return entry.first;
        else
            return entry;
    };
    while (i != a.end() && j != b.end()) {
        if (key(*i) < key(*j))
            ++i;
        else if (key(*j) < key(*i))
            ++j;
        else
            each(*i++, *j++);
    }
}

float ratio(float value, float whole) {
    return whole > 0 ? value / whole : 0.0F;
}

// A hunk with what every comparison needs.
struct Measured {
    float all_rarity = 0;
    float all_background = 0;
    float all_both = 0;
    float changed_both = 0;
    float changed_rarity = 0;
    float parts = 0;
    float changed_parts = 0;
    float context = 0;
    float lines = 0;
    float balance = 0;
    std::uint32_t rank = 0; // among its file's hunks
    std::uint32_t middle = 0;
};

class Pairs {
  public:
    Pairs(const Change& change, const Facts& facts)
        : change_(change), facts_(facts), both_(facts.rarity.size()) {
        for (std::size_t word = 0; word < both_.size(); ++word)
            both_[word] = std::sqrt(facts.rarity[word] * facts.background[word]);
        std::uint32_t lines = 0;
        for (const Hunk& hunk : change.hunks)
            lines += hunk.old_lines + hunk.new_lines;
        lines_ = std::log1p(static_cast<float>(lines));
        for (std::size_t i = 0; i < change.hunks.size(); ++i)
            measured_.push_back(measure(i));
        for (const FileChange& file : change.files)
            for (std::uint32_t rank = 0; rank < file.hunks.size(); ++rank)
                measured_[file.hunks[rank]].rank = rank;
    }

    std::vector<float> all() {
        const std::size_t count = change_.hunks.size();
        std::vector<float> rows(count * (count - 1) / 2 * names.size());
        float* row = rows.data();
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = i + 1; j < count; ++j, row += names.size())
                fill(i, j, row);
        fill_nearest(rows);
        return rows;
    }

  private:
    Measured measure(std::size_t index) const {
        const HunkFacts& hunk = facts_.hunks[index];
        const Hunk& at = change_.hunks[index];
        Measured out;
        out.all_rarity = norm(hunk.all, facts_.rarity);
        out.all_background = norm(hunk.all, facts_.background);
        out.all_both = norm(hunk.all, both_);
        out.changed_both = norm(hunk.changed, both_);
        out.changed_rarity = norm(hunk.changed, facts_.rarity);
        out.parts = norm(hunk.parts, facts_.part_rarity);
        out.changed_parts = norm(hunk.changed_parts, facts_.part_rarity);
        out.context = norm(hunk.context, facts_.background);
        out.lines = std::log1p(static_cast<float>(at.old_lines + at.new_lines));
        out.balance = static_cast<float>(at.new_lines) /
                      static_cast<float>(std::max(1U, at.old_lines + at.new_lines));
        out.middle = at.new_start + at.new_lines / 2;
        return out;
    }

    void fill(std::size_t i, std::size_t j, float* row) {
        next_ = row;
        fill_words(i, j);
        fill_names(i, j);
        fill_place(i, j);
        fill_paths(i, j);
        fill_kinds(i, j);
        fill_history(i, j);
        fill_edits(i, j);
        fill_sizes(i, j);
    }

    void put(float value) { *next_++ = value; }
    void put(bool value) { *next_++ = value ? 1.0F : 0.0F; }
    void put_ordered(float a, float b) {
        put(std::max(a, b));
        put(std::min(a, b));
    }

    void fill_words(std::size_t i, std::size_t j) {
        const HunkFacts& a = facts_.hunks[i];
        const HunkFacts& b = facts_.hunks[j];
        const Measured& m = measured_[i];
        const Measured& n = measured_[j];
        float rarity = 0;
        float background = 0;
        float both = 0;
        float best = 0;
        float best_background = 0;
        float count = 0;
        meet(a.all, b.all, [&](const auto& x, const auto& y) {
            const Word word = x.first;
            const float weight = x.second * y.second;
            rarity += weight * facts_.rarity[word] * facts_.rarity[word];
            background += weight * facts_.background[word] * facts_.background[word];
            both += weight * both_[word] * both_[word];
            best = std::max(best, both_[word]);
            best_background = std::max(best_background, facts_.background[word]);
            ++count;
        });
        put(ratio(rarity, m.all_rarity * n.all_rarity));
        put(ratio(background, m.all_background * n.all_background));
        put(ratio(both, m.all_both * n.all_both));
        float changed_rarity = 0;
        float changed_both = 0;
        float changed_best = 0;
        float changed_count = 0;
        meet(a.changed, b.changed, [&](const auto& x, const auto& y) {
            const Word word = x.first;
            changed_rarity += x.second * y.second * facts_.rarity[word] * facts_.rarity[word];
            changed_both += x.second * y.second * both_[word] * both_[word];
            changed_best = std::max(changed_best, both_[word]);
            ++changed_count;
        });
        put(ratio(changed_both, m.changed_both * n.changed_both));
        put(ratio(changed_rarity, m.changed_rarity * n.changed_rarity));
        float part_best = 0;
        put(parts_cosine(a.parts, b.parts, m.parts * n.parts, part_best));
        float ignored = 0;
        put(parts_cosine(a.changed_parts, b.changed_parts, m.changed_parts * n.changed_parts,
                         ignored));
        put_ordered(context_share(a.changed, b.context, m.changed_both),
                    context_share(b.changed, a.context, n.changed_both));
        put(cosine(a.context, b.context, m.context * n.context));
        put(best);
        put(best_background);
        put(std::log1p(count));
        put(changed_best);
        put(std::log1p(changed_count));
        put(part_best);
    }

    float cosine(const Bag& a, const Bag& b, float norms) const {
        float sum = 0;
        meet(a, b, [&](const auto& x, const auto& y) {
            sum += x.second * y.second * facts_.background[x.first] * facts_.background[x.first];
        });
        return ratio(sum, norms);
    }

    float parts_cosine(const Bag& a, const Bag& b, float norms, float& best) const {
        float sum = 0;
        meet(a, b, [&](const auto& x, const auto& y) {
            const float weight = facts_.part_rarity[x.first];
            sum += x.second * y.second * weight * weight;
            best = std::max(best, weight);
        });
        return ratio(sum, norms);
    }

    // How much of a's changed words stands around b.
    float context_share(const Bag& a, const Bag& context, float whole) const {
        float sum = 0;
        meet(a, context,
             [&](const auto& x, const auto&) { sum += both_[x.first] * both_[x.first]; });
        return ratio(std::sqrt(sum), whole);
    }

    struct Met {
        float best = 0;
        float count = 0;
    };
    Met words_met(const WordSet& a, const WordSet& b) const {
        Met met;
        meet(a, b, [&](Word word, Word) {
            met.best = std::max(met.best, both_[word]);
            ++met.count;
        });
        return met;
    }

    void fill_names(std::size_t i, std::size_t j) {
        const HunkFacts& a = facts_.hunks[i];
        const HunkFacts& b = facts_.hunks[j];
        const Met there = words_met(a.defined, b.used);
        const Met back = words_met(b.defined, a.used);
        put_ordered(there.best, back.best);
        put(std::log1p(there.count + back.count));
        put(std::max(words_met(a.undefined, b.lost).best, words_met(b.undefined, a.lost).best));
        const auto import_use = [&](const HunkFacts& x, const HunkFacts& y) {
            return std::max(words_met(x.imported, y.used).best, words_met(x.imported, y.lost).best);
        };
        put_ordered(import_use(a, b), import_use(b, a));
        put(words_met(a.imported, b.imported).best);
        put(words_met(a.added, b.added).best);
        put(words_met(a.removed, b.removed).best);
        put(std::max(words_met(a.added, b.removed).best, words_met(b.added, a.removed).best));
    }

    float part_share(const WordSet& few, const Bag& bag) const {
        float met = 0;
        float whole = 0;
        for (const Word word : few)
            whole += facts_.part_rarity[word];
        meet(few, bag, [&](Word word, const auto&) { met += facts_.part_rarity[word]; });
        return ratio(met, whole);
    }

    void fill_place(std::size_t i, std::size_t j) {
        const HunkFacts& a = facts_.hunks[i];
        const HunkFacts& b = facts_.hunks[j];
        const bool same_file = change_.hunks[i].file == change_.hunks[j].file;
        put_ordered(part_share(a.scope_parts, b.parts), part_share(b.scope_parts, a.parts));
        put(a.function != Vocabulary::none && a.function == b.function && !same_file);
        put(same_file && a.scope >= 0 && a.scope == b.scope);
        put(same_file && a.holder != Vocabulary::none && a.holder == b.holder);
        put(same_file);
        const Measured& m = measured_[i];
        const Measured& n = measured_[j];
        const auto gap =
            static_cast<float>(m.middle > n.middle ? m.middle - n.middle : n.middle - m.middle);
        put(same_file ? std::log1p(gap) : 20.0F);
        put(same_file ? static_cast<float>(m.rank > n.rank ? m.rank - n.rank : n.rank - m.rank)
                      : 99.0F);
        put(std::log1p(
            static_cast<float>(change_.file_of(i).hunks.size() + change_.file_of(j).hunks.size())));
    }

    static float prefix_share(std::string_view a, std::string_view b) {
        float shared = 0;
        float depth = 1;
        for (std::size_t at = 0; at < a.size() && at < b.size() && a[at] == b[at]; ++at)
            if (a[at] == '/') ++shared;
        depth +=
            static_cast<float>(std::max(std::ranges::count(a, '/'), std::ranges::count(b, '/')));
        return shared / depth;
    }

    float set_share(const WordSet& a, const WordSet& b) const {
        float met = 0;
        meet(a, b, [&](Word, Word) { ++met; });
        return ratio(met, static_cast<float>(std::min(a.size(), b.size())));
    }

    void fill_paths(std::size_t i, std::size_t j) {
        const FileFacts& a = facts_.files[change_.hunks[i].file];
        const FileFacts& b = facts_.files[change_.hunks[j].file];
        const HunkFacts& h = facts_.hunks[i];
        const HunkFacts& k = facts_.hunks[j];
        put(a.stem == b.stem);
        put(a.directory == b.directory);
        put(a.top == b.top);
        put(prefix_share(change_.file_of(i).path, change_.file_of(j).path));
        put(set_share(a.stem_parts, b.stem_parts));
        const auto names_module = [&](const HunkFacts& x, const FileFacts& y) {
            return (contains(x.imported, y.module) || contains(x.used, y.module) ||
                    contains(x.lost, y.module))
                       ? facts_.background[y.module]
                       : 0.0F;
        };
        put_ordered(names_module(h, b), names_module(k, a));
        put_ordered(part_share(a.stem_parts, k.parts), part_share(b.stem_parts, h.parts));
    }

    void fill_kinds(std::size_t i, std::size_t j) {
        const FileKind a = facts_.files[change_.hunks[i].file].kind;
        const FileKind b = facts_.files[change_.hunks[j].file].kind;
        const auto low = static_cast<float>(std::min(a, b));
        const auto high = static_cast<float>(std::max(a, b));
        put(low * 8 + high);
        const auto any = [&](FileKind kind) { return a == kind || b == kind; };
        put(a == FileKind::code && b == FileKind::code);
        put(any(FileKind::code) && any(FileKind::test));
        put(a == FileKind::test && b == FileKind::test);
        put(any(FileKind::changelog));
        put(any(FileKind::documentation));
        put(any(FileKind::settings));
    }

    void fill_history(std::size_t i, std::size_t j) {
        const std::vector<std::uint16_t>& a = facts_.files[change_.hunks[i].file].commits;
        const std::vector<std::uint16_t>& b = facts_.files[change_.hunks[j].file].commits;
        float together = 0;
        float last = 999;
        if (change_.hunks[i].file != change_.hunks[j].file)
            meet(a, b, [&](std::uint16_t commit, std::uint16_t) {
                last = std::min(last, static_cast<float>(commit));
                ++together;
            });
        const auto fewer = static_cast<float>(std::min(a.size(), b.size()));
        const auto more = static_cast<float>(std::max(a.size(), b.size()));
        put(together);
        put(ratio(together, fewer));
        put(last);
        put(fewer);
        put(more);
    }

    void fill_edits(std::size_t i, std::size_t j) {
        const HunkFacts& a = facts_.hunks[i];
        const HunkFacts& b = facts_.hunks[j];
        put(a.edit != 0 && a.edit == b.edit);
        float met = 0;
        meet(a.changed, b.changed, [&](const auto&, const auto&) { ++met; });
        put(ratio(met, static_cast<float>(a.changed.size() + b.changed.size()) - met));
        const auto both_any = [&](bool x, bool y) {
            put(x && y);
            put(x || y);
        };
        both_any(a.only_blank, b.only_blank);
        both_any(a.only_comment, b.only_comment);
        both_any(a.only_imports, b.only_imports);
    }

    void fill_sizes(std::size_t i, std::size_t j) {
        const Measured& m = measured_[i];
        const Measured& n = measured_[j];
        put(std::min(m.lines, n.lines));
        put(std::max(m.lines, n.lines));
        put(std::min(m.balance, n.balance));
        put(std::max(m.balance, n.balance));
        const bool a = facts_.files[change_.hunks[i].file].created;
        const bool b = facts_.files[change_.hunks[j].file].created;
        put(a && b);
        put(a || b);
        put(std::log1p(static_cast<float>(change_.hunks.size())));
        put(std::log1p(static_cast<float>(change_.files.size())));
    }

    // How near the pair is, measured by the nearest that either has.
    void fill_nearest(std::vector<float>& rows) const {
        const std::size_t count = change_.hunks.size();
        std::vector<float> best(count);
        const auto nearness = [&](const float* row) {
            return row[all_both] + 0.5F * row[parts_both];
        };
        for_each_row(rows, [&](std::size_t i, std::size_t j, float* row) {
            best[i] = std::max(best[i], nearness(row));
            best[j] = std::max(best[j], nearness(row));
        });
        for_each_row(rows, [&](std::size_t i, std::size_t j, float* row) {
            const float a = ratio(nearness(row), best[i]);
            const float b = ratio(nearness(row), best[j]);
            row[nearest_max] = std::max(a, b);
            row[nearest_min] = std::min(a, b);
            row[change_lines] = lines_;
            row[history_larger] = facts_.larger_share;
            row[history_cover] = facts_.best_cover;
        });
    }

    template <class Each>
    void for_each_row(std::vector<float>& rows, Each each) const {
        float* row = rows.data();
        for (std::size_t i = 0; i < change_.hunks.size(); ++i)
            for (std::size_t j = i + 1; j < change_.hunks.size(); ++j, row += names.size())
                each(i, j, row);
    }

    const Change& change_;
    const Facts& facts_;
    std::vector<float> both_;
    float lines_ = 0;
    std::vector<Measured> measured_;
    float* next_ = nullptr;
};

} // namespace

std::span<const std::string_view> feature_names() {
    return names;
}

std::vector<float> pair_features(const Change& change, const Facts& facts) {
    if (change.hunks.size() < 2) return {};
    return Pairs(change, facts).all();
}

std::size_t pair_index(std::size_t i, std::size_t j, std::size_t count) {
    if (i > j) std::swap(i, j);
    return i * (2 * count - i - 1) / 2 + (j - i - 1);
}

} // namespace stanch::commits
