// What a push brings: from the lines that Git gives its hooks to the commits to look at.
#pragma once

#include "cli/ci_range.h"
#include "core/result.h"
#include "git/commit_walk.h"
#include "git/object_store.h"
#include "git/refs.h"
#include "git/repository.h"

#include <string>
#include <string_view>
#include <vector>

namespace stanch::cli {

// One updated ref. An empty id: the ref is new, or is deleted.
struct PushedRef {
    std::string name;
    git::ObjectId before;
    git::ObjectId after;
};

// pre-push: "<local ref> SP <local id> SP <remote ref> SP <remote id>" a line (githooks(5)).
Result<std::vector<PushedRef>> parse_pre_push(std::string_view lines);
// pre-receive: "<old id> SP <new id> SP <ref>" a line.
Result<std::vector<PushedRef>> parse_pre_receive(std::string_view lines);

// The pre-commit framework keeps Git's lines and tells variables instead: a range, or, where a root
// commit is pushed or somebody runs it by hand, what is pushed at most (pre-commit.com,
// "Environment variables").
struct FrameworkPush {
    PushedRef ref;
    std::string remote; // its name; may be empty
    bool whole = false; // no range: all that the remote does not have
};
bool is_framework_push(const Variables& variables);
Result<FrameworkPush> framework_push(const Variables& variables, const git::Refs& refs,
                                     git::ObjectReader& reader);

// A text that comes along and is no commit: an annotated tag, a blob that a ref names.
struct PushedText {
    std::string name;
    std::string text;
};

struct Pushed {
    git::CommitRange range;
    std::vector<PushedText> texts;
};

// What the receiver does not have: reachable from the new ids, not from the old ones nor from
// `known` (refs that it is known to have). Error: an object that is missing, a ref to a tree.
Result<Pushed> pushed_objects(git::ObjectReader& reader, git::ObjectFormat format,
                              const std::vector<PushedRef>& refs,
                              const std::vector<git::ObjectId>& known);

} // namespace stanch::cli
