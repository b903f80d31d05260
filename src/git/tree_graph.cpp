#include "git/tree_graph.h"

#include "git/index.h"

#include <algorithm>
#include <cstring>

namespace stanch::git {
namespace {

constexpr unsigned share_shift = 26; // up to 64 threads, 67 million trees a thread

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

const SubtreeEdge* EdgeBlocks::add(std::span<const SubtreeEdge> edges) {
    constexpr std::size_t block = std::size_t{1} << 16;
    if (edges.empty()) return nullptr;
    if (edges.size() > left_) {
        left_ = std::max(block, edges.size());
        blocks_.push_back(std::make_unique_for_overwrite<SubtreeEdge[]>(left_));
        next_ = blocks_.back().get();
    }
    const SubtreeEdge* first = next_;
    next_ = std::ranges::copy(edges, next_).out;
    left_ -= edges.size();
    return first;
}

class TreeReaderVisitor : public ObjectVisitor {
  public:
    TreeReaderVisitor(const ObjectTable& table, const Marks& marks, TreeGraph::Share& share,
                      ObjectVisitor* also)
        : table_(table), marks_(marks), share_(share), also_(also), filter_(table, marks),
          lookup_(table),
          format_(table.size() != 0 && table.id(0).size() == 32 ? ObjectFormat::sha256
                                                                : ObjectFormat::sha1) {}

    void visit(const WalkedObject& object) override {
        if (const auto number = table_.number_of(object)) {
            if (object.type == ObjectType::tree) tree(*number, object);
            if (object.type == ObjectType::commit) commit(*number, object);
        }
        if (also_ != nullptr) also_->visit(object);
    }
    void visit_large(ObjectType type, std::string_view id, ObjectStream& stream) override {
        if (also_ != nullptr) return also_->visit_large(type, id, stream);
        share_.problems.push_back({ErrorKind::incomplete,
                                   "a tree or commit too large to be read",
                                   ObjectId(id).hex(),
                                   {}});
    }
    void miss(std::string_view id, const Error& error) override {
        if (also_ != nullptr) return also_->miss(id, error);
        share_.problems.push_back(error);
    }

  private:
    // What matters of a living tree's entries, by their positions in it.
    struct Living {
        std::vector<std::pair<std::uint32_t, SubtreeEdge>> edges;
        std::vector<std::pair<std::uint32_t, MarkedEntry>> marked;
    };

    void tree(std::uint32_t number, const WalkedObject& object) {
        const std::size_t slots = std::size_t{object.slot} + 1;
        if (slots > living_.size()) living_.resize(slots);
        Living& mine = living_[object.slot];
        mine.edges.clear();
        mine.marked.clear();
        std::uint32_t next = 0;
        for (const TreeEntries::Copied& copied : object.entries->copied()) {
            parse(object, next, copied.first, mine);
            take_over(copied, living_[object.base_slot], mine);
            next = copied.first + copied.count;
        }
        parse(object, next, object.entries->size(), mine);
        keep(number, mine);
    }

    static void take_over(const TreeEntries::Copied& copied, const Living& base, Living& mine) {
        const auto move = [&](const auto& from, auto& to) {
            auto at = std::ranges::lower_bound(from, copied.base_first, {},
                                               [](const auto& each) { return each.first; });
            for (; at != from.end() && at->first - copied.base_first < copied.count; ++at)
                to.emplace_back(at->first - copied.base_first + copied.first, at->second);
        };
        move(base.edges, mine.edges);
        move(base.marked, mine.marked);
    }

    void parse(const WalkedObject& object, std::uint32_t first, std::uint32_t last, Living& mine) {
        TreeEntry entry;
        TreeCursor cursor(object.content.substr(object.entries->start(first)), object.id.size());
        for (std::uint32_t at = first; at < last && cursor.next(entry); ++at) {
            if ((entry.mode & mode_type) == mode_directory)
                subtree(entry, at, mine);
            else if (filter_.may_have(entry.oid))
                marked(entry, at, mine);
            if (!marks_.names.empty()) named(entry, at, mine);
        }
    }

    void keep(std::uint32_t number, const Living& mine) {
        if (mine.edges.empty() && mine.marked.empty()) return;
        edges_.clear();
        for (const auto& [at, edge] : mine.edges)
            edges_.push_back(edge);
        share_.trees.push_back({number, static_cast<std::uint32_t>(edges_.size()),
                                share_.edges.add(edges_),
                                static_cast<std::uint32_t>(share_.marked.size()),
                                static_cast<std::uint32_t>(mine.marked.size())});
        for (const auto& [at, entry] : mine.marked)
            share_.marked.push_back(entry);
    }

    std::optional<std::uint32_t> find(std::string_view id) { return lookup_.find(id); }

    void subtree(const TreeEntry& entry, std::uint32_t at, Living& mine) {
        if (const auto number = find(entry.oid))
            mine.edges.emplace_back(at, SubtreeEdge{*number, name_hash(entry.name)});
    }

    void marked(const TreeEntry& entry, std::uint32_t at, Living& mine) {
        const auto number = find(entry.oid);
        if (!number) return;
        const auto found = marks_.blobs.find(*number);
        if (found == marks_.blobs.end()) return;
        for (const std::uint32_t mark : found->second)
            mine.marked.emplace_back(at, MarkedEntry{mark, *number, name_hash(entry.name)});
    }

    void named(const TreeEntry& entry, std::uint32_t at, Living& mine) {
        const auto found = marks_.names.find(std::string(entry.name));
        if (found == marks_.names.end()) return;
        const std::uint32_t number = find(entry.oid).value_or(TreeGraph::none);
        for (const std::uint32_t mark : found->second)
            mine.marked.emplace_back(at, MarkedEntry{mark, number, name_hash(entry.name)});
    }

    void commit(std::uint32_t number, const WalkedObject& object) {
        const auto parsed = parse_commit(object.content, format_);
        if (!parsed) return;
        CommitNode node;
        node.number = number;
        node.tree = find(parsed->tree.raw()).value_or(TreeGraph::none);
        node.seconds = parse_signature(parsed->committer).seconds;
        node.first_parent = static_cast<std::uint32_t>(share_.parents.size());
        for (const ObjectId& parent : parsed->parents) {
            if (const auto found = find(parent.raw()))
                share_.parents.push_back(*found);
            else
                node.cut = 1;
        }
        node.parents = static_cast<std::uint32_t>(share_.parents.size()) - node.first_parent;
        share_.commits.push_back(node);
    }

    const ObjectTable& table_;
    const Marks& marks_;
    TreeGraph::Share& share_;
    ObjectVisitor* also_;
    PrefixFilter filter_;
    TableLookup lookup_;
    ObjectFormat format_;
    std::vector<Living> living_; // by slot
    std::vector<SubtreeEdge> edges_;
};

TreeGraph TreeGraph::read(ObjectWalk& walk, const ObjectTable& table, const Marks& marks,
                          const WalkOptions& options, std::span<ObjectVisitor* const> also,
                          std::vector<Error>& problems) {
    TreeGraph graph;
    graph.shares_.resize(options.threads);
    std::vector<std::unique_ptr<TreeReaderVisitor>> owned;
    std::vector<ObjectVisitor*> visitors;
    for (std::size_t i = 0; i < graph.shares_.size(); ++i) {
        owned.push_back(std::make_unique<TreeReaderVisitor>(table, marks, graph.shares_[i],
                                                            also.empty() ? nullptr : also[i]));
        visitors.push_back(owned.back().get());
    }
    WalkOptions only = options;
    only.types = types({ObjectType::tree, ObjectType::commit, ObjectType::tag});
    walk.run(visitors, only);
    graph.place_.assign(table.size(), none);
    for (std::size_t i = 0; i < graph.shares_.size(); ++i) {
        Share& share = graph.shares_[i];
        for (std::size_t at = 0; at < share.trees.size(); ++at)
            graph.place_[share.trees[at].number] =
                static_cast<std::uint32_t>(i << share_shift | at);
        graph.add_commits(share);
        problems.insert(problems.end(), share.problems.begin(), share.problems.end());
    }
    std::ranges::sort(graph.commits_, {}, &CommitNode::number);
    const auto twice = std::ranges::unique(graph.commits_, {}, &CommitNode::number);
    graph.commits_.erase(twice.begin(), twice.end());
    return graph;
}

void TreeGraph::add_commits(Share& share) {
    const auto first = static_cast<std::uint32_t>(parents_.size());
    for (CommitNode node : share.commits) {
        node.first_parent += first;
        commits_.push_back(node);
    }
    parents_.insert(parents_.end(), share.parents.begin(), share.parents.end());
    share.commits = {};
    share.parents = {};
}

std::span<const SubtreeEdge> TreeGraph::subtrees(std::uint32_t tree) const {
    if (tree == none || place_[tree] == none) return {};
    const Share& share = shares_[place_[tree] >> share_shift];
    const auto& at = share.trees[place_[tree] & ((1U << share_shift) - 1)];
    return {at.first_edge, at.edges};
}

std::span<const MarkedEntry> TreeGraph::marked(std::uint32_t tree) const {
    if (tree == none || place_[tree] == none) return {};
    const Share& share = shares_[place_[tree] >> share_shift];
    const auto& at = share.trees[place_[tree] & ((1U << share_shift) - 1)];
    return std::span(share.marked).subspan(at.first_marked, at.marked);
}

} // namespace stanch::git
