#include "git/tree_graph.h"

#include "git/index.h"

#include <cstring>

namespace stanch::git {
namespace {

constexpr unsigned share_shift = 26; // up to 64 threads, 67 million trees a thread
constexpr std::size_t memo_size = 1 << 14;

std::uint64_t prefix(std::string_view id) {
    std::uint64_t value = 0;
    std::memcpy(&value, id.data(), sizeof value);
    return value;
}

// A set of ids by their first eight bytes, open addressing: most entries of most trees are asked
// for here and are not in it.
class PrefixFilter {
  public:
    PrefixFilter(const ObjectTable& table, const Marks& marks) {
        std::size_t size = 64;
        while (size < marks.blobs.size() * 4)
            size *= 2;
        slots_.assign(size, 0);
        for (const auto& [number, ignored] : marks.blobs)
            add(prefix(table.id(number)));
    }

    [[nodiscard]] bool may_have(std::string_view id) const {
        const std::uint64_t value = prefix(id);
        for (std::size_t i = place(value); slots_[i] != 0; i = (i + 1) & (slots_.size() - 1))
            if (slots_[i] == value) return true;
        return value == 0;
    }

  private:
    [[nodiscard]] std::size_t place(std::uint64_t value) const {
        return value & (slots_.size() - 1);
    }
    void add(std::uint64_t value) {
        std::size_t i = place(value);
        while (slots_[i] != 0 && slots_[i] != value)
            i = (i + 1) & (slots_.size() - 1);
        slots_[i] = value;
    }
    std::vector<std::uint64_t> slots_;
};

} // namespace

std::uint32_t name_hash(std::string_view name) {
    std::uint32_t hash = 2166136261U;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

class TreeReaderVisitor : public ObjectVisitor {
  public:
    TreeReaderVisitor(const ObjectTable& table, const Marks& marks, TreeGraph::Share& share)
        : table_(table), marks_(marks), share_(share), filter_(table, marks), memo_(memo_size),
          format_(table.size() != 0 && table.id(0).size() == 32 ? ObjectFormat::sha256
                                                                : ObjectFormat::sha1) {}

    void visit(const WalkedObject& object) override {
        const auto number = table_.number_of(object);
        if (!number) return;
        if (object.type == ObjectType::tree)
            tree(*number, object);
        else
            commit(*number, object);
    }
    void visit_large(ObjectType, std::string_view id, ObjectStream&) override {
        share_.problems.push_back({ErrorKind::incomplete,
                                   "a tree or commit too large to be read",
                                   ObjectId(id).hex(),
                                   {}});
    }
    void miss(std::string_view, const Error& error) override { share_.problems.push_back(error); }

  private:
    void tree(std::uint32_t number, const WalkedObject& object) {
        TreeGraph::Share::Tree tree{};
        tree.number = number;
        tree.first_edge = static_cast<std::uint32_t>(share_.edges.size());
        tree.first_marked = static_cast<std::uint32_t>(share_.marked.size());
        TreeEntry entry;
        TreeCursor cursor(object.content, object.id.size());
        while (cursor.next(entry)) {
            if ((entry.mode & mode_type) == mode_directory)
                subtree(entry);
            else if (filter_.may_have(entry.oid))
                marked(entry, marks_.blobs);
            if (!marks_.names.empty()) named(entry);
        }
        tree.edges = static_cast<std::uint32_t>(share_.edges.size()) - tree.first_edge;
        tree.marked = static_cast<std::uint32_t>(share_.marked.size()) - tree.first_marked;
        if (tree.edges + tree.marked > 0) share_.trees.push_back(tree);
    }

    // Trees come in the order of their deltas, so that the same entries come again and again.
    std::optional<std::uint32_t> find(std::string_view id) {
        std::uint32_t& memo = memo_[prefix(id) & (memo_size - 1)];
        if (memo < table_.size() && table_.id(memo) == id) return memo;
        const auto found = table_.find(id);
        if (found) memo = *found;
        return found;
    }

    void subtree(const TreeEntry& entry) {
        if (const auto number = find(entry.oid))
            share_.edges.push_back({*number, name_hash(entry.name)});
    }

    void marked(const TreeEntry& entry,
                const std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>& marks) {
        const auto number = find(entry.oid);
        if (!number) return;
        const auto found = marks.find(*number);
        if (found == marks.end()) return;
        for (const std::uint32_t mark : found->second)
            share_.marked.push_back({mark, *number, name_hash(entry.name)});
    }

    void named(const TreeEntry& entry) {
        const auto found = marks_.names.find(std::string(entry.name));
        if (found == marks_.names.end()) return;
        const std::uint32_t number = find(entry.oid).value_or(TreeGraph::none);
        for (const std::uint32_t mark : found->second)
            share_.marked.push_back({mark, number, name_hash(entry.name)});
    }

    void commit(std::uint32_t number, const WalkedObject& object) {
        const auto parsed = parse_commit(object.content, format_);
        if (!parsed) return;
        CommitNode node;
        node.number = number;
        node.tree = find(parsed->tree.raw()).value_or(TreeGraph::none);
        node.seconds = parse_signature(parsed->committer).seconds;
        for (const ObjectId& parent : parsed->parents) {
            if (const auto found = find(parent.raw()))
                node.parents.push_back(*found);
            else
                node.cut = true;
        }
        share_.commits.push_back(std::move(node));
    }

    const ObjectTable& table_;
    const Marks& marks_;
    TreeGraph::Share& share_;
    PrefixFilter filter_;
    std::vector<std::uint32_t> memo_;
    ObjectFormat format_;
};

TreeGraph TreeGraph::read(ObjectWalk& walk, const ObjectTable& table, const Marks& marks,
                          const WalkOptions& options, std::vector<Error>& problems) {
    TreeGraph graph;
    graph.shares_.resize(options.threads);
    std::vector<std::unique_ptr<TreeReaderVisitor>> owned;
    std::vector<ObjectVisitor*> visitors;
    for (Share& share : graph.shares_) {
        owned.push_back(std::make_unique<TreeReaderVisitor>(table, marks, share));
        visitors.push_back(owned.back().get());
    }
    WalkOptions only = options;
    only.types = types({ObjectType::tree, ObjectType::commit});
    walk.run(visitors, only);
    graph.place_.assign(table.size(), none);
    for (std::size_t i = 0; i < graph.shares_.size(); ++i) {
        Share& share = graph.shares_[i];
        for (std::size_t at = 0; at < share.trees.size(); ++at)
            graph.place_[share.trees[at].number] =
                static_cast<std::uint32_t>(i << share_shift | at);
        for (CommitNode& node : share.commits)
            graph.commits_.push_back(std::move(node));
        share.commits.clear();
        problems.insert(problems.end(), share.problems.begin(), share.problems.end());
    }
    std::ranges::sort(graph.commits_, {}, &CommitNode::number);
    const auto twice = std::ranges::unique(graph.commits_, {}, &CommitNode::number);
    graph.commits_.erase(twice.begin(), twice.end());
    return graph;
}

std::span<const SubtreeEdge> TreeGraph::subtrees(std::uint32_t tree) const {
    if (tree == none || place_[tree] == none) return {};
    const Share& share = shares_[place_[tree] >> share_shift];
    const auto& at = share.trees[place_[tree] & ((1U << share_shift) - 1)];
    return std::span(share.edges).subspan(at.first_edge, at.edges);
}

std::span<const MarkedEntry> TreeGraph::marked(std::uint32_t tree) const {
    if (tree == none || place_[tree] == none) return {};
    const Share& share = shares_[place_[tree] >> share_shift];
    const auto& at = share.trees[place_[tree] & ((1U << share_shift) - 1)];
    return std::span(share.marked).subspan(at.first_marked, at.marked);
}

} // namespace stanch::git
