// GitHub's REST operations and the fine-grained permission that each needs (tools/github_table.py).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stanch::privilege {

struct GithubOperation {
    std::string_view verb;
    std::string_view path;       // "/repos/{}/{}/issues"
    std::string_view operation;  // "issues/list-for-repo"
    std::string_view permission; // "issues:read"; empty: none is needed
};

// By the operation's id.
std::optional<GithubOperation> github_operation(std::string_view id);
// By verb and path; a part of `path` that is unknown is '\x01', alone or within a segment.
std::optional<GithubOperation> github_route(std::string_view verb, std::string_view path);
// By a method of PyGithub: "create_issue" → issues/create.
std::optional<GithubOperation> pygithub_method(std::string_view method);

} // namespace stanch::privilege
