// What is to be split: the staged change, the work tree's, a commit or a range of commits.
#pragma once

#include "commits/git.h"

#include "core/result.h"
#include "os/temporary.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stanch::commits {

enum class SourceKind {
    staged,    // HEAD to the index
    work_tree, // HEAD to the files as they are, new ones that are not ignored included
    commit,    // a commit's parent to the commit
    range,     // A to B: the commits between are joined, then split again
};

struct SourceRequest {
    std::optional<SourceKind> kind; // nullopt: staged where anything is staged, else the work tree
    std::string revision;           // of a commit
    std::string from;               // of a range
    std::string to;
    std::string index_file; // of the staged change; empty: the repository's own
    // For a look only: objects of the work tree go into a temporary place and the repository gains
    // nothing.
    bool look_only = true;
};

struct Source {
    SourceKind kind = SourceKind::staged;
    std::string head;        // the commit that HEAD names; empty: no commit yet
    std::string branch;      // "refs/heads/main"; empty: a detached HEAD
    std::string base_commit; // the new commits' first parent; empty: none, they start a history
    std::string base_tree;
    std::string target_tree;
    std::string tip_commit;               // of a commit or range: what is replaced
    std::vector<std::string> replaced;    // of a commit or range, oldest first
    std::vector<std::string> descendants; // commits between the tip and HEAD, oldest first
    std::map<std::string, std::string> environment; // for reading objects: temporary places
    std::string index_file; // of the work tree: the index as it is to be afterwards
    std::shared_ptr<os::TemporaryDirectory> place; // keeps what `environment` and `index_file` name
};

// Errors: `refused` for unmerged paths, merges and commits that are not in HEAD's history;
// `not_found` for names that name nothing; `invalid` where nothing is to be split.
Result<Source> find_source(const Git& git, const SourceRequest& request);

// The id of the commit that `name` names. `not_found` where it names none.
Result<std::string> find_commit(const Git& git, const std::string& name);

// Subjects of the last commits, newest first.
std::vector<std::string> recent_subjects(const Git& git, const std::string& head,
                                         std::size_t count);

} // namespace stanch::commits
