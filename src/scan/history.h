// The history of a repository: every object that its store has, each once, with where it came from.
//
// Blobs are matched as deltas where their pack has them so (scan/delta_windows.h). Also looked at:
// messages and people of commits and tags, names of files, names of refs, and the files of the git
// directory (configuration with its remotes, reflogs, hooks, LFS bodies). Provenance is sought only
// when there is something to seek it for (git/origins.h). A secret is reported once for each path
// at which a commit brought it in, the oldest such commit first.
//
// What should be there and is not (missing, damaged, unreadable, too large) comes as a Note of kind
// `incomplete`. Nothing is written to the repository.
#pragma once

#include "core/result.h"
#include "git/repository.h"
#include "scan/source.h"

#include <atomic>
#include <functional>
#include <string>

namespace stanch::scan {

class Engine;

struct HistoryOptions {
    ScanOptions scan;
    // Which objects were matched before, by engine and repository; empty: no cache. Holds ids,
    // never content.
    std::string cache_directory;
    // Set from a signal handler, say: the scan ends soon, and says that it is partial.
    const std::atomic<bool>* stop = nullptr;
    // For scan_range: the annotated tags that point to the range's commits belong to it. A push
    // names its tags itself.
    bool tags = false;
    // For scan_range: told of each path that a commit brings in, beside what is found in it.
    std::function<void(const git::ObjectId& commit, const std::string& path)> new_path = {};
};

// Findings reach the sink in the order of their commits, parents first, then by path and offset.
Result<void> scan_history(const Engine& engine, const git::Repository& repository, Sink& sink,
                          const HistoryOptions& options);

} // namespace stanch::scan
