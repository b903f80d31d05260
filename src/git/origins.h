// Where marked things came into a history: which commit brought each in, at which path, whether
// HEAD still has it, and which refs have it in their history.
//
// A mark stands for one thing that is looked for, wherever it is: a set of blobs (all that hold one
// secret, say), the names of files, commits (by their messages) or tags. A commit brings a mark in
// at a path if its tree has the mark there and none of its parents' trees has it at that path:
// exact in the presence of merges, and blind to none of them. Of several commits that do so, the
// oldest is named (parents before children, then by date), one that refs reach before others.
//
// One pass over trees and commits in the order of their deltas; every tree is read once. Memory: 8
// bytes for each subtree entry of each tree.
#pragma once

#include "git/object_table.h"
#include "git/object_walk.h"
#include "git/refs.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace stanch::git {

// What is looked for. Marks are numbered 0 to count - 1; objects by the table's numbers.
struct Marks {
    std::uint32_t count = 0;
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> blobs;
    std::unordered_map<std::string, std::vector<std::uint32_t>> names; // of tree entries
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> commits;
};

struct Origin {
    std::uint32_t mark = 0;
    std::string path;              // empty: of a commit's own
    std::uint32_t object = 0;      // the blob (or whatever the entry names), or the commit itself
    std::uint32_t commit = 0;      // number of the commit that brought it in
    std::uint32_t order = 0;       // of that commit: parents have smaller ones
    bool reachable = false;        // from a ref, or from a worktree's HEAD
    bool logged = false;           // not from those, but from a reflog
    bool merge = false;            // the commit has several parents
    bool in_head = false;          // HEAD's tree has it at this path
    std::vector<std::string> refs; // short names of those whose history has the mark, sorted
    std::size_t more_refs = 0;     // how many names were left out
};

struct Origins {
    // By order of the commit, then path, then mark. A mark that no commit's tree has is absent.
    std::vector<Origin> origins;
    std::vector<Error> problems; // trees and commits that could not be read
};

class OriginFinder {
  public:
    // What they refer to must outlive it.
    OriginFinder(const ObjectStore& store, ObjectWalk& walk, const ObjectTable& table,
                 const Refs& refs, const WalkOptions& options);
    ~OriginFinder();
    OriginFinder(const OriginFinder&) = delete;
    OriginFinder& operator=(const OriginFinder&) = delete;

    // Reads the graph with these blobs and names in it. `also`, one for each thread, visit the same
    // commits, trees and tags, so that a walk serves both; what can't be read is then told to them
    // only.
    void read(const Marks& marks, std::span<ObjectVisitor* const> also);
    // `marks` are those of read(), but for commits, of which there may be more, behind the others.
    // Reads the graph itself if need be, and lets it go.
    Origins find(const Marks& marks);
    // Lets the graph go.
    void forget();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace stanch::git
