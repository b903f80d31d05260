// The files of a git directory that are no objects: configuration with its remotes, reflogs, names
// of refs, hooks, messages that wait to be committed, LFS bodies. All of it can hold a secret.
#pragma once

#include "git/refs.h"
#include "git/repository.h"
#include "scan/source.h"
#include "scan/worker.h"

namespace stanch::scan {

// Appends what they hold. Paths begin with ".git/", whatever the directory's real name. `left_over`
// names files of the object store that are none of its objects (ObjectWalk::left_over).
void scan_git_directory(const git::Repository& repository, const git::Refs& refs,
                        const std::vector<std::string>& left_over, Worker& worker,
                        Outcome& outcome);

} // namespace stanch::scan
