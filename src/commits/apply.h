// Makes a plan's commits, and takes them back.
//
// Nothing that a person sees changes until all commits stand in the object store and the last one's
// tree is the very tree that was to be split. Then, in this order, each step whole or not at all:
//
//   1. refs/stanch/backup/ID/…  the old commit, the index's bytes where it will change, and what is
//   about to happen
//   2. index.lock               the new index (work tree's changes only): Git itself keeps off from
//   here on
//   3. HEAD's branch            from the old commit to the new one, only if it still is the old one
//   4. index.lock → index
//
// A crash before 3 leaves the repository as it was, one after 3 as planned; recover() clears up
// what is left (a lock, a backup without a use) and every other call here begins with it.
#pragma once

#include "commits/git.h"
#include "commits/plan.h"
#include "commits/source.h"

#include "core/result.h"

#include <functional>
#include <string>
#include <vector>

namespace stanch::commits {

struct ApplyOptions {
    bool hooks = true; // pre-commit and commit-msg, where the repository has them
    std::string check; // a shell command that must succeed on each commit; empty: none
    bool sign = true;  // where commit.gpgSign says so, or the original was signed
    // Looks for secrets in what a part adds (two trees, read with `git`). An error stops
    // everything.
    std::function<Result<void>(const Git& git, const std::string& before, const std::string& after)>
        scan;
    std::function<void(const std::string& line)> tell; // progress, a line each; may be empty
};

struct Applied {
    std::vector<std::string> commits; // oldest first
    std::string tip;                  // what HEAD names now
    std::string backup;               // "refs/stanch/backup/20261124T231500Z-1a2b3c4"
    std::vector<std::string>
        notes; // what a person should know: signatures lost, parts joined by --check
};

// `source` must have been found with look_only = false. May join parts of `plan` where `check`
// fails.
Result<Applied> apply(const Git& git, const Source& source, const Change& change, Plan& plan,
                      const Facts& facts, const ApplyOptions& options);

// Brings back the state before the last split: HEAD's branch, and the index where the split changed
// it. Refuses where commits were added since. The backup's references are gone afterwards. Returns
// the commit that HEAD names again.
Result<std::string> undo(const Git& git);

// Ends what a crash interrupted. Returns a line for the person, or an empty one where nothing was
// left.
Result<std::string> recover(const Git& git);

// The tree of each part, in order, and the last one is checked against the change's target.
// `environment` names the places that hold the change's objects; new ones go there.
Result<std::vector<std::string>>
part_trees(const Git& git, const Change& change, const Plan& plan,
           const std::map<std::string, std::string>& environment = {});

} // namespace stanch::commits
