// What the next commit would add: the index against HEAD, blob by blob.
//
// Never the work tree: what is staged is what would be committed. Needs no identity, writes
// nothing, and takes nothing from Git's configuration or attributes. Names of new files are looked
// at too, those that are only intended to be added as well; of conflicts, both sides.
#pragma once

#include "core/result.h"
#include "git/index.h"
#include "git/repository.h"
#include "scan/source.h"

namespace stanch::scan {

Result<void> scan_staged(const Engine& engine, const git::Repository& repository, Sink& sink,
                         const ScanOptions& options);
// The same for one who has read the index.
Result<void> scan_staged(const Engine& engine, const git::Repository& repository,
                         const git::Index& index, Sink& sink, const ScanOptions& options);

} // namespace stanch::scan
