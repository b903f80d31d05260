// Where a work tree has .env files, at any depth, for one who asks at every commit.
//
// Folders that hold other people's code (node_modules, virtual environments, …) and repositories
// within the repository are not entered. What was seen is kept in a file (names of folders and
// times, never content): a folder whose time is the same need not be listed again, so that a look
// costs a system call a folder. Of a large tree only the `always` folders nearest to the root and
// those with .env files are looked at each time, the others in turn, `slice` at a time.
//
// Not thread-safe for one cache file; two processes may use it at once.
#pragma once

#include "core/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace stanch::env {

struct EnvFilesOptions {
    std::string root;  // of the work tree
    std::string cache; // empty: every folder is listed
    std::size_t always = 400;
    std::size_t slice = 200;
    bool all = false;          // every folder now: a few microseconds each
    std::size_t most = 20'000; // folders; those nearest to the root
};

struct EnvFiles {
    std::vector<std::string> paths; // relative to the root, sorted
    bool cut = false;               // there are more folders than `most`
};

// A cache that can't be read or written costs time only.
EnvFiles find_env_files(const EnvFilesOptions& options);

// A folder of other people's code, or of tools: "node_modules", ".git", "site-packages", …
bool is_foreign_folder(std::string_view name);

} // namespace stanch::env
