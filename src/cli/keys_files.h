// The files of a project that the `keys` verbs look at.
#pragma once

#include "core/result.h"

#include <string>
#include <vector>

namespace stanch::cli {

struct ProjectFile {
    std::string path; // as the user would type it
    std::string text;
};

enum class Wanted {
    python, // *.py only
    all,    // and .env files, compose files, Dockerfiles, workflows, manifests
};

struct ProjectFiles {
    std::vector<ProjectFile> files;   // by path
    std::vector<std::string> skipped; // "path: why", for what could not be read
};

// Walks what was named: files as they are, folders without what Git ignores, virtual environments
// and installed packages. .env files are read although Git ignores them: they are what is asked
// about. Errors: a named path that does not exist.
Result<ProjectFiles> read_project(const std::vector<std::string>& paths, Wanted wanted);

} // namespace stanch::cli
