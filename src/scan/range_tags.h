// The annotated tags that belong to a range: those that refs hold and that lead, directly or over
// other tags, to a commit of it. Each is content that comes with these commits.
#pragma once

#include "git/commit_walk.h"
#include "git/object_store.h"
#include "git/refs.h"
#include "scan/source.h"

#include <span>
#include <string>
#include <vector>

namespace stanch::scan {

struct RangeTag {
    git::ObjectId id;
    std::string content;
};

// Each once, in the order of the refs' names. A range since a time has the tags, too, that were
// made since then. What can't be read is told to `outcome`.
std::vector<RangeTag> tags_of(const git::CommitRange& range,
                              std::span<const git::WalkedCommit> commits, const git::Refs& refs,
                              git::ObjectReader& reader, git::ObjectFormat format,
                              Outcome& outcome);

} // namespace stanch::scan
