// All trees and commits of a store as numbers: which trees a tree holds, which marks stand in it
// directly, which parents a commit has. Built by one walk; the first half of finding origins.
#pragma once

#include "git/object_table.h"
#include "git/object_walk.h"
#include "git/origins.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace stanch::git {

struct CommitNode {
    std::uint32_t number = 0; // in the table
    std::uint32_t tree = 0;
    std::int64_t seconds = 0; // of the committer
    // TreeGraph::parents()
    std::uint32_t first_parent = 0;
    std::uint32_t parents : 31 = 0;
    std::uint32_t cut : 1 = 0; // a parent is absent
};

// An entry's name as 32 bits: enough to tell the entries of one tree apart for comparing it with
// another version of it; names themselves are read again where they are needed.
std::uint32_t name_hash(std::string_view name);

struct SubtreeEdge {
    std::uint32_t tree = 0;
    std::uint32_t name = 0; // name_hash
};
struct MarkedEntry {
    std::uint32_t mark = 0;
    std::uint32_t object = 0;
    std::uint32_t name = 0;
};

// Lists of edges, each in one piece, in memory that does not move when it grows.
class EdgeBlocks {
  public:
    const SubtreeEdge* add(std::span<const SubtreeEdge> edges);

  private:
    std::vector<std::unique_ptr<SubtreeEdge[]>> blocks_;
    SubtreeEdge* next_ = nullptr;
    std::size_t left_ = 0;
};

class TreeGraph {
  public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    // `also` see every object of the walk, commits, trees and tags, as the graph's readers do.
    static TreeGraph read(ObjectWalk& walk, const ObjectTable& table, const Marks& marks,
                          const WalkOptions& options, std::span<ObjectVisitor* const> also,
                          std::vector<Error>& problems);

    [[nodiscard]] std::span<const SubtreeEdge> subtrees(std::uint32_t tree) const;
    [[nodiscard]] std::span<const MarkedEntry> marked(std::uint32_t tree) const;
    // How many numbers the table has.
    [[nodiscard]] std::size_t objects() const { return place_.size(); }
    // By number, each once.
    [[nodiscard]] const std::vector<CommitNode>& commits() const { return commits_; }
    // Numbers in the table; absent ones left out.
    [[nodiscard]] std::span<const std::uint32_t> parents(const CommitNode& commit) const {
        return std::span(parents_).subspan(commit.first_parent, commit.parents);
    }

  private:
    friend class TreeReaderVisitor;
    // One thread's share; places are positions in it.
    struct Share {
        EdgeBlocks edges;
        std::vector<MarkedEntry> marked;
        struct Tree {
            std::uint32_t number;
            std::uint32_t edges;
            const SubtreeEdge* first_edge;
            std::uint32_t first_marked, marked;
        };
        std::vector<Tree> trees;
        std::vector<CommitNode> commits;
        std::vector<std::uint32_t> parents;
        std::vector<Error> problems;
    };
    void add_commits(Share& share);

    std::vector<Share> shares_;
    std::vector<std::uint32_t> place_; // by number: share * 2^28 + position in Share::trees
    std::vector<CommitNode> commits_;
    std::vector<std::uint32_t> parents_;
};

} // namespace stanch::git
