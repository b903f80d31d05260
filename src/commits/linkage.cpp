#include "commits/linkage.h"

#include <algorithm>
#include <numeric>

namespace stanch::commits {
namespace {

constexpr float nothing = -1e9F;

class Linkage {
  public:
    explicit Linkage(const Similarity& similarity)
        : table_(similarity), size_(similarity.count(), 1), best_(similarity.count()) {
        for (std::size_t i = 0; i < count(); ++i)
            table_.set(i, i, nothing);
        for (std::size_t i = 0; i < count(); ++i)
            find_best(i);
    }

    std::vector<Merge> run() {
        std::vector<Merge> merges;
        for (std::size_t left = count(); left > 1; --left)
            merges.push_back(merge(nearest()));
        return merges;
    }

  private:
    [[nodiscard]] std::size_t count() const { return table_.count(); }

    void find_best(std::size_t i) {
        const float* row = table_.row(i);
        best_[i] = static_cast<std::uint32_t>(std::max_element(row, row + count()) - row);
    }

    [[nodiscard]] std::size_t nearest() const {
        std::size_t found = 0;
        float similarity = 2 * nothing;
        for (std::size_t i = 0; i < count(); ++i)
            if (size_[i] > 0 && table_.at(i, best_[i]) > similarity) {
                similarity = table_.at(i, best_[i]);
                found = i;
            }
        return found;
    }

    Merge merge(std::size_t i) {
        const auto into = static_cast<std::uint32_t>(std::min<std::size_t>(i, best_[i]));
        const auto from = static_cast<std::uint32_t>(std::max<std::size_t>(i, best_[i]));
        const Merge merge{table_.at(into, from), into, from};
        const float a = size_[into];
        const float b = size_[from];
        for (std::size_t k = 0; k < count(); ++k)
            if (k != into && k != from && size_[k] > 0)
                table_.set(into, k, (table_.at(into, k) * a + table_.at(from, k) * b) / (a + b));
        size_[into] = a + b;
        size_[from] = 0;
        for (std::size_t k = 0; k < count(); ++k)
            table_.set(from, k, nothing);
        for (std::size_t k = 0; k < count(); ++k) {
            if (size_[k] == 0) continue;
            if (k == into || best_[k] == into || best_[k] == from)
                find_best(k);
            else if (table_.at(k, into) > table_.at(k, best_[k]))
                best_[k] = into;
        }
        return merge;
    }

    Similarity table_;
    std::vector<float> size_;
    std::vector<std::uint32_t> best_;
};

} // namespace

std::vector<Merge> average_linkage(const Similarity& similarity) {
    if (similarity.count() < 2) return {};
    return Linkage(similarity).run();
}

std::vector<std::uint32_t> cut(const std::vector<Merge>& merges, std::size_t count,
                               std::size_t groups) {
    std::vector<std::uint32_t> root(count);
    std::iota(root.begin(), root.end(), 0U);
    for (std::size_t m = 0; m + groups < count && m < merges.size(); ++m)
        for (std::uint32_t& group : root)
            if (group == merges[m].from) group = merges[m].into;
    std::vector<std::uint32_t> number(count, UINT32_MAX);
    std::uint32_t next = 0;
    for (std::uint32_t& group : root) {
        if (number[group] == UINT32_MAX) number[group] = next++;
        group = number[group];
    }
    return root;
}

} // namespace stanch::commits
