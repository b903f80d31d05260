// Private to the room: the walk below one folder.
#pragma once

#include "git/ignore.h"
#include "os/tree.h"
#include "scan/scope.h"
#include "scan/tree.h"
#include "scan/worker.h"

#include <memory>
#include <string>

namespace stanch::scan {

// An open folder, by its three names; each is empty or ends with '/'.
struct Folder {
    os::Directory directory;
    std::string shown;   // as the user would type it
    std::string project; // relative to the project
    std::string tree;    // relative to the innermost work tree
};

// How the walk goes on below a folder.
struct WalkRules {
    std::shared_ptr<Scope> scope; // of the innermost work tree; nullptr outside of Git
    git::IgnoreStack ignores;
    bool tracked_only = false; // inside an ignored folder: only what is tracked all the same
    bool everything = false;   // ignored files count too
};

// Everything that is wanted below `top`, in the order of paths.
std::unique_ptr<Source> walk_source(Folder top, WalkRules rules, const TreeOptions& options);

// Looks at an open file, and tells how it changed meanwhile.
void look_at_file(Worker& worker, const Place& place, os::InputFile file, Outcome& outcome);

} // namespace stanch::scan
