// What the next commit would add: the index against HEAD, blob by blob.
//
// Never the work tree: what is staged is what would be committed. Needs no identity, writes
// nothing, and takes nothing from Git's configuration or attributes. Names of new files are looked
// at too, those that are only intended to be added as well; of conflicts, both sides.
#pragma once

#include "core/result.h"
#include "git/index.h"
#include "git/object_store.h"
#include "git/repository.h"
#include "scan/source.h"

namespace stanch::scan {

// A repository without a work tree or an index has nothing staged: that is an error of usage. What
// is missing makes it an incomplete one.
Result<void> scan_staged(const Engine& engine, const git::Repository& repository, Sink& sink,
                         const ScanOptions& options);
// The same for one who has read the index.
Result<void> scan_staged(const Engine& engine, const git::Repository& repository,
                         const git::Index& index, Sink& sink, const ScanOptions& options);

// The tree of HEAD's commit; empty before the first one.
Result<git::ObjectId> head_tree(const git::Repository& repository, git::ObjectReader& reader);

} // namespace stanch::scan
