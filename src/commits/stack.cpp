#include "commits/stack.h"

#include "commits/features.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stanch::commits {
namespace {

constexpr std::size_t own_columns = 20;

// Columns of the first model's rows that the second sees again.
constexpr std::array<std::string_view, 52> carried_names{"all_background",
                                                         "changed_parts",
                                                         "parts",
                                                         "stem_overlap",
                                                         "same_stem",
                                                         "file_hunks",
                                                         "shared_best_background",
                                                         "together_share",
                                                         "path_prefix",
                                                         "history_max",
                                                         "distance",
                                                         "context_context",
                                                         "kind_pair",
                                                         "together_last",
                                                         "history_min",
                                                         "path_in_words_max",
                                                         "scope_named_max",
                                                         "nearest_min",
                                                         "same_file",
                                                         "edit_overlap",
                                                         "context_max",
                                                         "lines_max",
                                                         "lines_min",
                                                         "define_use_max",
                                                         "import_use_max",
                                                         "same_directory",
                                                         "balance_max",
                                                         "any_imports",
                                                         "lines",
                                                         "history_larger",
                                                         "history_cover",
                                                         "near_cosine",
                                                         "around_cosine",
                                                         "echo_cosine",
                                                         "topic_cosine",
                                                         "directory_share",
                                                         "kind_given_min",
                                                         "imports_max",
                                                         "calls_function_max",
                                                         "profile_max",
                                                         "code_larger",
                                                         "body_cosine",
                                                         "body_names_max",
                                                         "body_changed_max",
                                                         "file_names_max",
                                                         "edit_cosine",
                                                         "shape_cosine",
                                                         "both_prose",
                                                         "scope_cosine",
                                                         "usual_hunks_max",
                                                         "adjacent_share",
                                                         "hunks_larger"};

const std::array<std::size_t, carried_names.size()>& carried() {
    static const auto columns = [] {
        std::array<std::size_t, carried_names.size()> found{};
        for (std::size_t i = 0; i < found.size(); ++i)
            found[i] = feature_column(carried_names[i]);
        return found;
    }();
    return columns;
}

float probability(float log_odds) {
    return 1.0F / (1.0F + std::exp(-log_odds));
}

class Stack {
  public:
    Stack(const Board& board, const Similarity& first)
        : board_(board), first_(first), odds_(board.count), sums_(board.count),
          squares_(board.count), highest_(board.count) {
        fill_odds();
        fill_files();
        fill_linkage();
    }

    std::vector<float> rows() {
        const std::size_t n = board_.count;
        std::vector<float> out;
        out.reserve(n * (n - 1) / 2 * stack_width());
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = i + 1; j < n; ++j)
                add_row(i, j, out);
        return out;
    }

  private:
    void fill_odds() {
        for (std::size_t i = 0; i < board_.count; ++i)
            for (std::size_t j = i + 1; j < board_.count; ++j)
                odds_.set(i, j, probability(first_.at(i, j)));
        for (std::size_t i = 0; i < board_.count; ++i)
            for (std::size_t j = 0; j < board_.count; ++j) {
                const float p = odds_.at(i, j);
                sums_[i] += p;
                squares_[i] += p * p;
                highest_[i] = std::max(highest_[i], p);
                whole_ += p;
            }
    }

    // Averages over the pairs of two files.
    void fill_files() {
        files_ = 1 + *std::ranges::max_element(board_.file);
        file_sum_.assign(files_ * files_, 0);
        file_pairs_.assign(files_ * files_, 0);
        for (std::size_t i = 0; i < board_.count; ++i)
            for (std::size_t j = 0; j < board_.count; ++j) {
                if (i == j) continue;
                const std::size_t cell = board_.file[i] * files_ + board_.file[j];
                file_sum_[cell] += odds_.at(i, j);
                ++file_pairs_[cell];
            }
    }

    [[nodiscard]] float file_average(std::size_t a, std::size_t b) const {
        const std::size_t cell = a * files_ + b;
        return file_pairs_[cell] > 0 ? file_sum_[cell] / file_pairs_[cell] : 0;
    }

    void fill_linkage() {
        met_ = Similarity(board_.count);
        const std::vector<Merge> merges = average_linkage(first_);
        std::vector<std::vector<std::uint32_t>> members(board_.count);
        for (std::uint32_t i = 0; i < board_.count; ++i)
            members[i] = {i};
        for (const Merge& merge : merges) {
            for (const std::uint32_t i : members[merge.into])
                for (const std::uint32_t j : members[merge.from])
                    met_.set(i, j, merge.similarity);
            members[merge.into].insert(members[merge.into].end(), members[merge.from].begin(),
                                       members[merge.from].end());
        }
        if (!merges.empty()) last_ = merges[merges.size() - 1].similarity;
        if (merges.size() > 1) before_last_ = merges[merges.size() - 2].similarity;
    }

    struct Third {
        float through = 0;  // sum of p(i,k) p(k,j)
        float path = 0;     // the best min(p(i,k), p(k,j))
        float disagree = 0; // sum of |p(i,k) - p(k,j)|
    };
    [[nodiscard]] Third third(std::size_t i, std::size_t j) const {
        Third out;
        const float* a = odds_.row(i);
        const float* b = odds_.row(j);
        for (std::size_t k = 0; k < board_.count; ++k) {
            out.through += a[k] * b[k];
            out.path = std::max(out.path, std::min(a[k], b[k]));
            out.disagree += std::abs(a[k] - b[k]);
        }
        out.disagree -= 2 * odds_.at(i, j); // k = i and k = j
        return out;
    }

    void add_row(std::size_t i, std::size_t j, std::vector<float>& out) const {
        const float p = odds_.at(i, j);
        const Third all = third(i, j);
        const auto others = static_cast<float>(std::max<std::size_t>(board_.count, 3) - 2);
        const auto rest = static_cast<float>(board_.count - 1);
        const float norms = std::sqrt(squares_[i] * squares_[j]);
        const float within_i = file_average(board_.file[i], board_.file[i]);
        const float within_j = file_average(board_.file[j], board_.file[j]);
        out.insert(out.end(), {first_.at(i, j),
                               p,
                               all.through / others,
                               all.path,
                               all.disagree / others,
                               all.through / std::max(1e-6F, norms),
                               std::max(sums_[i], sums_[j]) / rest,
                               std::min(sums_[i], sums_[j]) / rest,
                               file_average(board_.file[i], board_.file[j]),
                               std::max(within_i, within_j),
                               std::min(within_i, within_j),
                               std::max(highest_[i], highest_[j]),
                               std::min(highest_[i], highest_[j]),
                               p / std::max(1e-6F, std::min(highest_[i], highest_[j])),
                               p / std::max(1e-6F, std::max(highest_[i], highest_[j])),
                               met_.at(i, j),
                               whole_ / (rest * static_cast<float>(board_.count)),
                               last_,
                               before_last_,
                               static_cast<float>(files_)});
        const float* row =
            board_.pairs.data() + pair_index(i, j, board_.count) * feature_names().size();
        for (const std::size_t column : carried())
            out.push_back(row[column]);
    }

    const Board& board_;
    const Similarity& first_;
    Similarity odds_;
    Similarity met_; // at which similarity the two came together
    std::vector<float> sums_;
    std::vector<float> squares_;
    std::vector<float> highest_;
    std::vector<float> file_sum_;
    std::vector<float> file_pairs_;
    std::size_t files_ = 0;
    float whole_ = 0;
    float last_ = 9;
    float before_last_ = 9;
};

} // namespace

std::size_t stack_width() {
    return own_columns + carried_names.size();
}

std::vector<float> stack_features(const Board& board, const Similarity& first) {
    if (board.count < 2) return {};
    return Stack(board, first).rows();
}

} // namespace stanch::commits
