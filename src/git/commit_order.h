// The commits of a graph, parents first, and how each is reached.
#pragma once

#include "git/refs.h"
#include "git/tree_graph.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace stanch::git {

class CommitOrder {
  public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    CommitOrder(const TreeGraph& graph, const ObjectTable& table, const ObjectStore& store,
                const Refs& refs);

    // Positions in graph.commits(): parents before children, of those that may come next the
    // oldest by its committer's date.
    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }
    // Position of the commit with this number, or none.
    [[nodiscard]] std::uint32_t position(std::uint32_t number) const;
    // Refs that name a commit, tags peeled: (index in refs.refs, position).
    [[nodiscard]] const std::vector<std::pair<std::uint32_t, std::uint32_t>>& tips() const {
        return tips_;
    }
    [[nodiscard]] std::uint32_t head() const { return head_; }
    [[nodiscard]] bool reachable(std::uint32_t position) const { return reachable_[position]; }
    [[nodiscard]] bool logged(std::uint32_t position) const { return logged_[position]; }

  private:
    void sort();
    void find_tips(const ObjectTable& table, const ObjectStore& store, const Refs& refs);
    void reach(std::vector<std::uint32_t> from, std::vector<bool>& mark) const;

    const TreeGraph& graph_;
    const std::vector<CommitNode>& commits_;
    std::vector<std::uint32_t> order_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> tips_;
    std::uint32_t head_ = none;
    std::vector<bool> reachable_;
    std::vector<bool> logged_;
};

} // namespace stanch::git
