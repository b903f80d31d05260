// Whether the .env files of a work tree stay local.
//
// A .env file is one named .env or .env.SOMETHING in any case, but for what is meant to be shared:
// .env.example, .sample, .template, .dist, .defaults, .schema and .vault (which is encrypted).
// Looked at are the files of the work tree, those that Git tracks, those of the history, and those
// inside built packages.
//
// Reads only; fix_guard() mends what can be mended without losing anything.
#pragma once

#include "core/result.h"
#include "git/index.h"
#include "git/repository.h"

#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

enum class GuardRule {
    not_ignored,     // no ignore rule of the repository covers it
    ignored_locally, // only the user's own excludes, or .git/info/exclude, cover it
    name_case,       // covered under its usual spelling only
    tracked,
    history,
    mode,
    owner,
    symlink,
    docker_context,
    package,
    web_root,
    example_value,
};
std::string_view to_string(GuardRule rule);

struct GuardFault {
    GuardRule rule = GuardRule::not_ignored;
    std::string path;    // relative to the folder that was looked at
    std::string message; // what is wrong; never a value
    std::string remedy;  // what to do about it
    bool fixable = false;
    bool rotate = false; // its values are known to others already
    std::string detail;  // for fix_guard: the .dockerignore, the commit
};

struct GuardOptions {
    std::string directory; // the work tree, or a folder that is in none
    bool history = true;   // the slow part
    std::vector<std::string>
        shared; // patterns as in .gitignore: files that are meant for everybody
};

struct GuardReport {
    std::vector<GuardFault> faults;      // by path, then rule
    std::vector<std::string> incomplete; // what could not be looked at
};

Result<GuardReport> guard(const GuardOptions& options);

// Writes .gitignore and .dockerignore, changes modes, takes files out of Git's index (they stay on
// the disk). Returns what was done, one line each.
Result<std::vector<std::string>> fix_guard(const GuardOptions& options, const GuardReport& report);

// For the hook, and quick: .env files that the next commit would bring in (new in the index against
// HEAD). Those that HEAD has already are guard()'s.
Result<std::vector<std::string>> staged_env_files(const git::Repository& repository,
                                                  const git::Index& index,
                                                  const std::vector<std::string>& shared);
// Likewise: whether these files are ignored, and nobody else's to read.
std::vector<GuardFault> local_faults(const git::Repository& repository,
                                     const std::vector<std::string>& paths,
                                     const std::vector<std::string>& shared);

// Whether one of the patterns covers a path.
bool is_shared(const std::vector<std::string>& patterns, const std::string& path);

// By its name alone, whatever its case.
bool is_env_file(std::string_view name);
bool is_env_example(std::string_view name);

} // namespace stanch::env
