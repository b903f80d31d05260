// What a CI job has to look at, worked out from the CI's own variables.
//
// GitHub Actions (event payload), GitLab CI, Azure Pipelines, Bitbucket Pipelines, CircleCI and
// Jenkins, by their documentation of 2026-11. Where a CI does not tell what came before (a new
// branch, a first push, a manual run), the whole history is looked at: slower, never less.
#pragma once

#include "core/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace stanch::cli {

enum class CiKind { none, github, gitlab, azure, bitbucket, circleci, jenkins, other };

struct CiRange {
    CiKind kind = CiKind::none;
    std::string range; // "BASE..HEAD" or "BASE...HEAD"; empty: the whole history
    std::string why;   // for the person: "pull request against main", "a new branch"
};

using Variables = std::function<std::optional<std::string>(const char* name)>;

// The process's own environment.
std::optional<std::string> process_variable(const char* name);

// Error: an event payload that can't be read (the job must not go on as if nothing had been
// pushed).
Result<CiRange> ci_range(const Variables& variables);

std::string_view to_string(CiKind kind);

} // namespace stanch::cli
