#include "commits/features.h"
#include "commits/stack.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace stanch::commits {
namespace {

template <std::size_t size>
std::array<std::size_t, size> columns_of(const std::array<std::string_view, size>& names) {
    std::array<std::size_t, size> found{};
    for (std::size_t i = 0; i < size; ++i)
        found[i] = feature_column(names[i]);
    return found;
}

// Columns of the pairs whose mean and largest value between two groups the judge sees.
constexpr std::array<std::string_view, 34> between_names{
    "all_both",           "changed_parts",    "parts",           "context_max",
    "define_use_max",     "import_use_max",   "scope_named_max", "same_function",
    "same_holder",        "same_file",        "same_stem",       "path_prefix",
    "together_share",     "edit_overlap",     "same_edit",       "path_in_words_max",
    "near_cosine",        "around_cosine",    "echo_cosine",     "topic_cosine",
    "profile_max",        "directory_share",  "kind_given_max",  "imports_max",
    "calls_function_max", "edit_cosine",      "shape_cosine",    "body_cosine",
    "body_names_max",     "body_changed_max", "file_names_max",  "scope_cosine",
    "issue_differs",      "adjacent_share"};
// Columns that are the same for all pairs of a change.
constexpr std::array<std::string_view, 14> change_names{
    "history_larger", "history_cover", "changelog_hunks", "test_files", "code_files",
    "created_files",  "code_larger",   "files_usual",     "test_given", "changelog_given",
    "hunks_larger",   "lines_larger",  "repeated",        "squashed"};
constexpr std::size_t own_columns = 65;

const std::array<std::size_t, change_names.size()>& change_columns() {
    static const auto columns = columns_of(change_names);
    return columns;
}

const std::array<std::size_t, between_names.size()>& between_columns() {
    static const auto columns = columns_of(between_names);
    return columns;
}

struct Group {
    float hunks = 0;
    float lines = 0;
    std::set<std::uint32_t> files;
    bool code = false;
    bool test = false;
    bool changelog = false;
    bool prose = false;
};

class Judge {
  public:
    Judge(const Board& board, const Similarity& second, const std::vector<Merge>& merges)
        : board_(board), second_(second), merges_(merges) {
        for (std::size_t i = 0; i < board.count; ++i)
            for (std::size_t j = i + 1; j < board.count; ++j)
                sorted_.push_back(second.at(i, j));
        std::ranges::sort(sorted_);
        for (const float lines : board.lines)
            lines_ += lines;
        fill_nearness();
    }

    void add_row(std::size_t groups, std::vector<float>& out) {
        parts_ = cut(merges_, board_.count, groups);
        fill_groups(groups);
        add_whole(out);
        add_pairs(groups, out);
        add_groups(groups, out);
        add_between(groups, out);
        add_borders(groups, out);
    }

  private:
    void fill_nearness() {
        for (std::size_t i = 0; i < board_.count; ++i) {
            float sum = 0;
            for (std::size_t j = 0; j < board_.count; ++j)
                if (i != j) sum += 1.0F / (1.0F + std::exp(-second_.at(i, j)));
            nearness_.push_back(sum /
                                static_cast<float>(std::max<std::size_t>(1, board_.count - 1)));
        }
    }

    void fill_groups(std::size_t groups) {
        groups_.assign(groups, {});
        for (std::size_t i = 0; i < board_.count; ++i) {
            Group& group = groups_[parts_[i]];
            ++group.hunks;
            group.lines += board_.lines[i];
            group.files.insert(board_.file[i]);
            const auto kind = static_cast<FileKind>(board_.kind[i]);
            group.code |= kind == FileKind::code;
            group.test |= kind == FileKind::test;
            group.changelog |= kind == FileKind::changelog;
            group.prose |= kind == FileKind::documentation || kind == FileKind::changelog;
        }
    }

    [[nodiscard]] float quantile(double at) const {
        if (sorted_.empty()) return 9;
        return sorted_[static_cast<std::size_t>(at * static_cast<double>(sorted_.size() - 1))];
    }

    [[nodiscard]] float merge_at(std::size_t from_last) const {
        return from_last < merges_.size() ? merges_[merges_.size() - 1 - from_last].similarity : 6;
    }

    // What is the same for every partition of this change.
    void add_whole(std::vector<float>& out) const {
        const std::set<std::uint32_t> files(board_.file.begin(), board_.file.end());
        const std::set<std::uint32_t> places(board_.place.begin(), board_.place.end());
        out.insert(out.end(), {static_cast<float>(board_.count), static_cast<float>(files.size()),
                               static_cast<float>(places.size()), std::log1p(lines_)});
        for (std::size_t i = 0; i < 5; ++i)
            out.push_back(merge_at(i));
        for (const double at : {0.05, 0.1, 0.25, 0.5, 0.75})
            out.push_back(quantile(at));
        const auto [low, high] = std::ranges::minmax_element(nearness_);
        float sum = 0;
        for (const float value : nearness_)
            sum += value;
        out.insert(out.end(), {*low, *high, sum / static_cast<float>(board_.count)});
        for (const std::size_t column : change_columns())
            out.push_back(board_.count > 1 ? board_.pairs[column] : 1);
    }

    void add_pairs(std::size_t groups, std::vector<float>& out) const {
        float within = 0;
        float within_count = 0;
        float within_least = 6;
        float between = 0;
        float between_count = 0;
        float between_most = -6;
        float agreement = 0;
        for (std::size_t i = 0; i < board_.count; ++i)
            for (std::size_t j = i + 1; j < board_.count; ++j) {
                const float value = second_.at(i, j);
                const bool same = parts_[i] == parts_[j];
                (same ? within : between) += value;
                ++(same ? within_count : between_count);
                if (same)
                    within_least = std::min(within_least, value);
                else
                    between_most = std::max(between_most, value);
                agreement -= std::log1p(std::exp(same ? -value : value));
            }
        const float pairs = std::max(1.0F, within_count + between_count);
        const auto count = static_cast<float>(board_.count);
        out.insert(out.end(),
                   {static_cast<float>(groups), within_count > 0 ? within / within_count : 3,
                    within_least, between_count > 0 ? between / between_count : -6, between_most,
                    (within - between) / pairs, agreement / pairs, agreement / count});
        const float joined = merge_at(groups - 1);
        const float kept = groups > 1 ? merge_at(groups - 2) : -6;
        out.insert(out.end(), {joined, kept, joined - kept});
    }

    void add_groups(std::size_t groups, std::vector<float>& out) const {
        const auto count_if = [&](auto test) {
            return static_cast<float>(std::ranges::count_if(groups_, test));
        };
        std::set<std::uint32_t> files(board_.file.begin(), board_.file.end());
        float places = 0;
        float largest = 0;
        float smallest = 1e9F;
        float fewest_files = 1e9F;
        float fewest_lines = 1e9F;
        for (const Group& group : groups_) {
            places += static_cast<float>(group.files.size());
            largest = std::max(largest, group.hunks);
            smallest = std::min(smallest, group.hunks);
            fewest_files = std::min(fewest_files, static_cast<float>(group.files.size()));
            fewest_lines = std::min(fewest_lines, group.lines);
        }
        const auto count = static_cast<float>(board_.count);
        const float split = places - static_cast<float>(files.size());
        out.insert(out.end(),
                   {split, split / static_cast<float>(files.size()), largest / count,
                    smallest / count, count_if([](const Group& g) { return g.hunks == 1; }),
                    fewest_files, std::log1p(fewest_lines),
                    count_if([](const Group& g) { return g.code; }),
                    count_if([](const Group& g) { return g.test && !g.code; }),
                    count_if([](const Group& g) { return g.test; }),
                    count_if([](const Group& g) { return g.changelog; }),
                    count_if([](const Group& g) { return g.prose && !g.code && !g.test; })});
        const float code_groups = count_if([](const Group& g) { return g.code; });
        out.insert(out.end(),
                   {code_groups / static_cast<float>(groups), static_cast<float>(groups) / count,
                    static_cast<float>(groups) / static_cast<float>(files.size()), smallest,
                    fewest_lines / std::max(1.0F, lines_)});
    }

    // What crosses the borders, as mean and as the largest value.
    void add_between(std::size_t groups, std::vector<float>& out) const {
        std::array<float, between_names.size()> sum{};
        std::array<float, between_names.size()> most{};
        float count = 0;
        const std::size_t width = feature_names().size();
        const float* row = board_.pairs.data();
        for (std::size_t i = 0; i < board_.count; ++i)
            for (std::size_t j = i + 1; j < board_.count; ++j, row += width) {
                if (groups > 1 && parts_[i] == parts_[j]) continue;
                ++count;
                for (std::size_t c = 0; c < sum.size(); ++c) {
                    sum[c] += row[between_columns()[c]];
                    most[c] = std::max(most[c], row[between_columns()[c]]);
                }
            }
        for (std::size_t c = 0; c < sum.size(); ++c) {
            out.push_back(count > 0 ? sum[c] / count : 0);
            out.push_back(most[c]);
        }
    }

    // How each group stands to the nearest other one, and whether hunks are with their nearest.
    void add_borders(std::size_t groups, std::vector<float>& out) const {
        std::vector<float> sum(groups * groups);
        std::vector<float> most(groups, -9);
        float astray = 0;
        float crossing = 0;
        for (std::size_t i = 0; i < board_.count; ++i) {
            float own = -9;
            float other = -9;
            for (std::size_t j = 0; j < board_.count; ++j) {
                if (i == j) continue;
                const float value = second_.at(i, j);
                float& best = parts_[i] == parts_[j] ? own : other;
                best = std::max(best, value);
                sum[parts_[i] * groups + parts_[j]] += value;
                if (parts_[i] != parts_[j] && value > 0) ++crossing;
            }
            most[parts_[i]] = std::max(most[parts_[i]], other);
            if (other > own) ++astray;
        }
        float nearest = -9;
        float furthest = 9;
        for (std::size_t a = 0; a < groups; ++a) {
            float best = -9;
            for (std::size_t b = 0; b < groups; ++b)
                if (a != b)
                    best =
                        std::max(best, sum[a * groups + b] / (groups_[a].hunks * groups_[b].hunks));
            nearest = std::max(nearest, best);
            furthest = std::min(furthest, best);
        }
        const auto count = static_cast<float>(board_.count);
        out.insert(out.end(), {nearest, furthest, *std::ranges::max_element(most),
                               *std::ranges::min_element(most), astray / count,
                               crossing / (count * std::max(1.0F, count - 1))});
    }

    const Board& board_;
    const Similarity& second_;
    const std::vector<Merge>& merges_;
    std::vector<float> sorted_;
    std::vector<float> nearness_;
    std::vector<std::uint32_t> parts_;
    std::vector<Group> groups_;
    float lines_ = 0;
};

} // namespace

std::size_t partition_width() {
    return own_columns + 2 * between_names.size();
}

std::vector<float> partition_features(const Board& board, const Similarity& second,
                                      const std::vector<Merge>& merges) {
    std::vector<float> rows;
    Judge judge(board, second, merges);
    for (std::size_t groups = 1; groups <= std::min(board.count, most_groups); ++groups)
        judge.add_row(groups, rows);
    return rows;
}

} // namespace stanch::commits
