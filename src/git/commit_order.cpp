#include "git/commit_order.h"

#include <algorithm>
#include <queue>

namespace stanch::git {

CommitOrder::CommitOrder(const TreeGraph& graph, const ObjectTable& table, const ObjectStore& store,
                         const Refs& refs)
    : graph_(graph), commits_(graph.commits()), reachable_(commits_.size()),
      logged_(commits_.size()) {
    sort();
    find_tips(table, store, refs);
}

std::uint32_t CommitOrder::position(std::uint32_t number) const {
    const auto found = std::ranges::lower_bound(commits_, number, {}, &CommitNode::number);
    if (found == commits_.end() || found->number != number) return none;
    return static_cast<std::uint32_t>(found - commits_.begin());
}

void CommitOrder::sort() {
    // Edges from parents to children, as one list.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
    std::vector<std::uint32_t> waiting(commits_.size());
    using Ready = std::pair<std::int64_t, std::uint32_t>;
    std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
    for (std::uint32_t i = 0; i < commits_.size(); ++i) {
        for (const std::uint32_t parent : graph_.parents(commits_[i])) {
            const std::uint32_t at = position(parent);
            if (at == none) continue; // names something that is no commit
            edges.emplace_back(at, i);
            ++waiting[i];
        }
        if (waiting[i] == 0) ready.emplace(commits_[i].seconds, i);
    }
    std::ranges::sort(edges);
    order_.reserve(commits_.size());
    while (!ready.empty()) {
        const std::uint32_t next = ready.top().second;
        ready.pop();
        order_.push_back(next);
        auto edge = std::ranges::lower_bound(edges, std::pair(next, std::uint32_t{0}));
        for (; edge != edges.end() && edge->first == next; ++edge)
            if (--waiting[edge->second] == 0)
                ready.emplace(commits_[edge->second].seconds, edge->second);
    }
}

void CommitOrder::find_tips(const ObjectTable& table, const ObjectStore& store, const Refs& refs) {
    ObjectReader reader(store);
    const auto peeled = [&](ObjectId id) {
        for (int depth = 0; depth < 64; ++depth) {
            const auto number = table.find(id.raw());
            if (!number) return none;
            if (const std::uint32_t at = position(*number); at != none) return at;
            const auto object = reader.read(id);
            if (!object || object->type != ObjectType::tag) return none;
            const auto tag = parse_tag(object->content, store.format());
            if (!tag) return none;
            id = tag->target;
        }
        return none;
    };
    std::vector<std::uint32_t> from_refs;
    std::vector<std::uint32_t> from_logs;
    for (std::uint32_t i = 0; i < refs.refs.size(); ++i) {
        const std::uint32_t at = peeled(refs.refs[i].id);
        if (at == none) continue;
        const std::string& name = refs.refs[i].name;
        const bool counts = name.starts_with("refs/") || name == "HEAD" || name.ends_with("/HEAD");
        (counts ? from_refs : from_logs).push_back(at);
        if (name.starts_with("refs/")) tips_.emplace_back(i, at);
    }
    if (refs.head) head_ = peeled(*refs.head);
    for (const ObjectId& id : refs.logged)
        if (const std::uint32_t at = peeled(id); at != none) from_logs.push_back(at);
    reach(std::move(from_refs), reachable_);
    reach(std::move(from_logs), logged_);
}

void CommitOrder::reach(std::vector<std::uint32_t> from, std::vector<bool>& mark) const {
    while (!from.empty()) {
        const std::uint32_t at = from.back();
        from.pop_back();
        if (mark[at]) continue;
        mark[at] = true;
        for (const std::uint32_t parent : graph_.parents(commits_[at]))
            if (const std::uint32_t next = position(parent); next != none) from.push_back(next);
    }
}

} // namespace stanch::git
