// What names commits: refs (loose and packed), HEADs of all worktrees, pseudo refs, reflogs.
//
// A ref that can't be read or understood is a problem, never silently absent. Reftable repositories
// (gitformat-reftable) are not read: that is one problem, which says so.
#pragma once

#include "core/result.h"
#include "git/repository.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

struct Ref {
    std::string name; // "refs/heads/main", "HEAD", "worktrees/x/HEAD", "ORIG_HEAD"
    ObjectId id;
};

struct Refs {
    std::vector<Ref> refs; // by name; a loose one hides the packed one of its name
    // The commit that HEAD of this worktree names; nullopt: none yet.
    std::optional<ObjectId> head;
    std::string head_target; // "refs/heads/main"; empty: detached
    // The ids that reflogs hold, each once, and commits that `shallow` cut off.
    std::vector<ObjectId> logged;
    std::vector<ObjectId> shallow;
    std::vector<std::string> targets; // that symbolic refs name and that are not there
    std::vector<Error> problems;
};

Refs read_refs(const Repository& repository);

// HEAD alone, without looking at all other refs: the commit it names; nullopt before the first one.
Result<std::optional<ObjectId>> read_head(const Repository& repository);

// "refs/heads/main" → "main", "refs/tags/v1" → "v1", "refs/remotes/origin/x" → "origin/x".
std::string short_name(std::string_view ref);

// The lines of a packed-refs file. Error: a line that is none.
Result<std::vector<Ref>> parse_packed_refs(std::string_view text, ObjectFormat format);
// A loose ref's content: an id, or "ref: NAME".
struct LooseRef {
    std::optional<ObjectId> id;
    std::string target;
};
Result<LooseRef> parse_loose_ref(std::string_view text, ObjectFormat format);
// The ids of a reflog's lines; all-zero ones left out. Error: a line that is none.
Result<std::vector<ObjectId>> parse_reflog(std::string_view text, ObjectFormat format);

// What a person may write for a commit: an id or its beginning, a ref's name or its end, HEAD, @,
// with ~N, ^N, ^{commit} and ^{} behind it. Tags are peeled.
class ObjectReader;
Result<ObjectId> resolve_commit(std::string_view text, const Refs& refs, ObjectReader& reader);

} // namespace stanch::git
