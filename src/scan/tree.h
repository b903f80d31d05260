// The sources of a work tree: folders, files, standard input.
//
// In a Git work tree, what is looked at is what Git tracks and what it would add: tracked files,
// and untracked ones that are not ignored. `all_files` takes the ignored ones too, and Git's own
// folder but for its object store. Outside of Git it is everything. Submodules and other
// repositories inside go by their own lists. A folder or file that was named by the user is looked
// at even if it is ignored.
//
// Files come in the order of their paths. Symbolic links are not followed: the text of their target
// is looked at. Folders are read as the scan goes on, a large one in parts, so that millions of
// files need no memory.
#pragma once

#include "scan/source.h"

#include <memory>
#include <string>
#include <vector>

namespace stanch::scan {

struct TreeOptions {
    bool all_files = false;
    std::vector<std::string> exclude; // patterns as in .gitignore, relative to the project
    std::string
        project; // the folder that rules' and exclude's paths start from; empty: the named one
};

// `path` is a folder, a file or a link to one; error where it does not exist or can't be opened.
Result<std::unique_ptr<Source>> path_source(const std::string& path, const TreeOptions& options);

// Standard input until its end; reports call it `name`.
std::unique_ptr<Source> input_source(std::string name = "stdin");

} // namespace stanch::scan
