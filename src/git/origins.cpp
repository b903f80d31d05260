#include "git/origins.h"

#include "git/commit_order.h"
#include "git/index.h"
#include "git/mark_sets.h"
#include "git/tree_graph.h"

#include <algorithm>
#include <map>
#include <optional>

namespace stanch::git {
namespace {

constexpr std::size_t names_limit = 20; // refs named for one mark

// An event: a commit brings a mark in at a path, which is known by its names' hashes.
struct Event {
    std::uint32_t commit = 0; // position
    std::uint32_t object = 0;
    std::vector<std::uint32_t> names; // hashes, from the root down
    bool in_head = false;
};

// One batch of marks, numbered from `first`.
class BatchFinder {
  public:
    BatchFinder(const TreeGraph& graph, const CommitOrder& order, const Marks& marks,
                std::uint32_t first)
        : graph_(graph), order_(order), marks_(marks), first_(first) {}

    void run() {
        memo_.assign(graph_.objects(), unknown);
        histories_.assign(graph_.commits().size(), 0);
        own_marks();
        for (const std::uint32_t at : order_.order())
            commit(at);
        look_at_head();
    }

    using Key = std::pair<std::uint32_t, std::uint64_t>; // mark, hash of the path
    [[nodiscard]] std::map<Key, Event>& events() { return events_; }
    [[nodiscard]] bool history_has(std::uint32_t position, std::uint32_t mark) const {
        return sets_.has(histories_[position], mark - first_);
    }

  private:
    struct Chain { // the directories above, innermost last
        std::vector<std::uint32_t> names;
        [[nodiscard]] std::uint64_t hash(std::uint32_t leaf) const {
            std::uint64_t value = 1469598103934665603ULL;
            for (const std::uint32_t name : names)
                value = (value ^ name) * 1099511628211ULL;
            return (value ^ leaf) * 1099511628211ULL ^ names.size();
        }
    };

    [[nodiscard]] bool in_batch(std::uint32_t mark) const {
        return mark >= first_ && mark - first_ < MarkSets::capacity;
    }

    void own_marks() {
        for (const auto& [number, marks] : marks_.commits) {
            const std::uint32_t at = order_.position(number);
            if (at == CommitOrder::none) continue;
            for (const std::uint32_t mark : marks) {
                if (!in_batch(mark)) continue;
                histories_[at] = sets_.with(histories_[at], mark - first_);
                events_[{mark, number}] = {at, number, {}, false};
            }
        }
    }

    // The marks anywhere below a tree.
    std::uint32_t tree_set(std::uint32_t root) {
        if (root == TreeGraph::none) return 0;
        std::vector<std::uint32_t> stack{root};
        while (!stack.empty()) {
            const std::uint32_t tree = stack.back();
            if (memo_[tree] == unknown) {
                memo_[tree] = 0;
                if (push_subtrees(tree, stack)) continue;
            }
            stack.pop_back();
            std::uint32_t set = 0;
            for (const MarkedEntry& entry : graph_.marked(tree))
                if (in_batch(entry.mark)) set = sets_.with(set, entry.mark - first_);
            for (const SubtreeEdge& edge : graph_.subtrees(tree))
                set = sets_.unite(set, below(edge.tree));
            memo_[tree] = set;
        }
        return memo_[root];
    }

    [[nodiscard]] std::uint32_t below(std::uint32_t tree) const {
        return memo_[tree] == unknown ? 0 : memo_[tree];
    }

    // Whether there was any that is not known yet.
    bool push_subtrees(std::uint32_t tree, std::vector<std::uint32_t>& stack) const {
        const std::size_t before = stack.size();
        for (const SubtreeEdge& edge : graph_.subtrees(tree))
            if (memo_[edge.tree] == unknown) stack.push_back(edge.tree);
        return stack.size() > before;
    }

    void commit(std::uint32_t at) {
        const CommitNode& node = graph_.commits()[at];
        const std::uint32_t set = tree_set(node.tree);
        std::uint32_t history = sets_.unite(histories_[at], set);
        std::vector<std::uint32_t> parents;
        for (const std::uint32_t number : graph_.parents(node)) {
            const std::uint32_t parent = order_.position(number);
            if (parent == CommitOrder::none) continue;
            history = sets_.unite(history, histories_[parent]);
            parents.push_back(graph_.commits()[parent].tree);
        }
        histories_[at] = history;
        const bool same = std::ranges::find(parents, node.tree) != parents.end();
        Chain chain;
        if (set != 0 && !same) compare(node.tree, parents, chain, at);
    }

    // What `tree` has that none of its older versions has at the same place.
    void compare(std::uint32_t tree, const std::vector<std::uint32_t>& before, Chain& chain,
                 std::uint32_t at) {
        for (const MarkedEntry& entry : graph_.marked(tree)) {
            const bool known = std::ranges::any_of(before, [&](std::uint32_t old) {
                return std::ranges::any_of(graph_.marked(old), [&](const MarkedEntry& other) {
                    return other.mark == entry.mark && other.name == entry.name;
                });
            });
            if (!known && in_batch(entry.mark)) add_event(entry, chain, at);
        }
        for (const SubtreeEdge& edge : graph_.subtrees(tree)) {
            if (below(edge.tree) == 0) continue;
            std::vector<std::uint32_t> older;
            for (const std::uint32_t old : before)
                for (const SubtreeEdge& other : graph_.subtrees(old))
                    if (other.name == edge.name) older.push_back(other.tree);
            if (std::ranges::find(older, edge.tree) != older.end()) continue;
            chain.names.push_back(edge.name);
            if (chain.names.size() < depth_limit) compare(edge.tree, older, chain, at);
            chain.names.pop_back();
        }
    }

    void add_event(const MarkedEntry& entry, const Chain& chain, std::uint32_t at) {
        Event event{at, entry.object, chain.names, false};
        event.names.push_back(entry.name);
        auto [found, added] = events_.try_emplace({entry.mark, chain.hash(entry.name)}, event);
        const bool better = order_.reachable(at) && !order_.reachable(found->second.commit);
        if (!added && better) found->second = std::move(event);
    }

    void look_at_head() {
        if (order_.head() == CommitOrder::none) return;
        Chain chain;
        in_head(graph_.commits()[order_.head()].tree, chain);
    }

    void in_head(std::uint32_t tree, Chain& chain) {
        for (const MarkedEntry& entry : graph_.marked(tree))
            if (const auto found = events_.find({entry.mark, chain.hash(entry.name)});
                found != events_.end())
                found->second.in_head = true;
        for (const SubtreeEdge& edge : graph_.subtrees(tree)) {
            if (below(edge.tree) == 0) continue;
            chain.names.push_back(edge.name);
            if (chain.names.size() < depth_limit) in_head(edge.tree, chain);
            chain.names.pop_back();
        }
    }

    static constexpr std::size_t depth_limit = 2048;
    static constexpr std::uint32_t unknown = ~std::uint32_t{0};

    const TreeGraph& graph_;
    const CommitOrder& order_;
    const Marks& marks_;
    std::uint32_t first_;
    MarkSets sets_;
    std::vector<std::uint32_t> memo_;      // by tree: set
    std::vector<std::uint32_t> histories_; // by commit: set
    std::map<Key, Event> events_;
};

// From hashes of names back to names: reads the trees on the way.
class PathReader {
  public:
    PathReader(const ObjectStore& store, const ObjectTable& table)
        : reader_(store), table_(table) {}

    std::string path(std::uint32_t tree, const std::vector<std::uint32_t>& names) {
        std::string path;
        ObjectId at(table_.id(tree));
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto content = reader_.read(at, ObjectType::tree);
            if (!content || !step(*content, names[i], i + 1 < names.size(), path, at)) break;
        }
        return path;
    }

  private:
    static bool step(std::string_view content, std::uint32_t name, bool directory,
                     std::string& path, ObjectId& at) {
        TreeEntry entry;
        TreeCursor cursor(content, at.raw().size());
        while (cursor.next(entry)) {
            if (directory && (entry.mode & mode_type) != mode_directory) continue;
            if (name_hash(entry.name) != name) continue;
            if (!path.empty()) path += '/';
            path += entry.name;
            at = ObjectId(entry.oid);
            return true;
        }
        return false;
    }

    ObjectReader reader_;
    const ObjectTable& table_;
};

// Branches before tags before all else, so that a cut list keeps what people know.
int rank(std::string_view name) {
    if (name.starts_with("refs/heads/")) return 0;
    if (name.starts_with("refs/tags/")) return 1;
    if (name.starts_with("refs/remotes/")) return 2;
    return 3;
}

class Assembler {
  public:
    Assembler(const ObjectStore& store, const ObjectTable& table, const Refs& refs,
              const TreeGraph& graph, const CommitOrder& order)
        : paths_(store, table), refs_(refs), graph_(graph), order_(order), tips_(order.tips()) {
        std::ranges::stable_sort(tips_, {},
                                 [&](const auto& tip) { return rank(refs_.refs[tip.first].name); });
        place_.resize(graph.commits().size(), CommitOrder::none);
        for (std::uint32_t i = 0; i < order.order().size(); ++i)
            place_[order.order()[i]] = i;
    }

    void add(BatchFinder& batch, std::vector<Origin>& out) {
        std::uint32_t mark = CommitOrder::none;
        std::vector<std::string> names;
        std::size_t more = 0;
        for (auto& [key, event] : batch.events()) {
            if (key.first != mark) {
                mark = key.first;
                more = 0;
                names = refs_with(batch, mark, more);
            }
            out.push_back(origin(mark, event));
            out.back().refs = names;
            out.back().more_refs = more;
        }
    }

  private:
    std::vector<std::string> refs_with(const BatchFinder& batch, std::uint32_t mark,
                                       std::size_t& more) const {
        std::vector<std::string> names;
        for (const auto& [ref, position] : tips_) {
            if (!batch.history_has(position, mark)) continue;
            if (names.size() < names_limit)
                names.push_back(short_name(refs_.refs[ref].name));
            else
                ++more;
        }
        std::ranges::sort(names);
        return names;
    }

    Origin origin(std::uint32_t mark, const Event& event) {
        const CommitNode& node = graph_.commits()[event.commit];
        Origin origin;
        origin.mark = mark;
        if (!event.names.empty()) origin.path = paths_.path(node.tree, event.names);
        origin.object = event.object;
        origin.commit = node.number;
        origin.order = place_[event.commit];
        origin.reachable = order_.reachable(event.commit);
        origin.logged = order_.logged(event.commit);
        origin.merge = node.parents > 1;
        origin.in_head = event.in_head;
        return origin;
    }

    PathReader paths_;
    const Refs& refs_;
    const TreeGraph& graph_;
    const CommitOrder& order_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> tips_;
    std::vector<std::uint32_t> place_;
};

} // namespace

struct OriginFinder::State {
    const ObjectStore& store;
    ObjectWalk& walk;
    const ObjectTable& table;
    const Refs& refs;
    WalkOptions options;
    std::optional<TreeGraph> graph;
    std::vector<Error> problems;
};

OriginFinder::OriginFinder(const ObjectStore& store, ObjectWalk& walk, const ObjectTable& table,
                           const Refs& refs, const WalkOptions& options)
    : state_(new State{store, walk, table, refs, options, {}, {}}) {}
OriginFinder::~OriginFinder() = default;

void OriginFinder::read(const Marks& marks, std::span<ObjectVisitor* const> also) {
    state_->graph.reset();
    state_->problems.clear();
    state_->graph.emplace(TreeGraph::read(state_->walk, state_->table, marks, state_->options, also,
                                          state_->problems));
}

void OriginFinder::forget() {
    state_->graph.reset();
}

Origins OriginFinder::find(const Marks& marks) {
    Origins result;
    if (!state_->graph) read(marks, {});
    result.problems = state_->problems;
    const TreeGraph& graph = *state_->graph;
    const CommitOrder order(graph, state_->table, state_->store, state_->refs);
    Assembler assembler(state_->store, state_->table, state_->refs, graph, order);
    for (std::uint32_t first = 0; first < marks.count; first += MarkSets::capacity) {
        BatchFinder batch(graph, order, marks, first);
        batch.run();
        assembler.add(batch, result.origins);
    }
    state_->graph.reset();
    std::ranges::sort(result.origins, [](const Origin& a, const Origin& b) {
        return std::tie(a.order, a.path, a.mark) < std::tie(b.order, b.path, b.mark);
    });
    return result;
}

} // namespace stanch::git
