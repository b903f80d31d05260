// Which commits a range has: those that some commits reach and others do not.
#pragma once

#include "core/result.h"
#include "git/object_store.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace stanch::git {

struct WalkedCommit {
    ObjectId id;
    ObjectId tree;
    std::vector<ObjectId> parents;
    std::int64_t seconds = 0; // of the committer
    std::string content;
};

struct CommitRange {
    std::vector<ObjectId> include;
    std::vector<ObjectId> exclude;
    std::optional<std::int64_t> since; // commits older than this end the walk
};

// Oldest first, parents before children. Commits are read one by one, newest first, until only
// excluded ones are left. Dates that run backwards can make a commit that is excluded appear, never
// one disappear. An object that is missing or no commit is an error, unless `cut` has its child:
// a shallow clone's, which has no parents here.
Result<std::vector<WalkedCommit>> list_commits(ObjectReader& reader, const CommitRange& range,
                                               std::span<const ObjectId> cut, ObjectFormat format);

} // namespace stanch::git
