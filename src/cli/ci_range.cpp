#include "cli/ci_range.h"

#include "os/file.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace stanch::cli {
namespace {

using Json = nlohmann::json;

bool is_object_id(const std::string& text) {
    return (text.size() == 40 || text.size() == 64) &&
           text.find_first_not_of("0123456789abcdef") == std::string::npos &&
           text.find_first_not_of('0') != std::string::npos;
}

// What was deleted has no end (zeros): what is checked out has.
CiRange between(CiKind kind, const std::string& from, const std::string& to, std::string why) {
    const bool ends = to.find_first_not_of('0') != std::string::npos;
    return {kind, from + ".." + (ends ? to : "HEAD"), std::move(why)};
}

std::string text_at(const Json& event, const char* pointer) {
    const Json::json_pointer path(pointer);
    return event.contains(path) && event[path].is_string() ? event[path].get<std::string>() : "";
}

// docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows; the
// payload of push and pull_request is that of the webhook.
Result<CiRange> github(const Variables& get) {
    const std::string path = get("GITHUB_EVENT_PATH").value_or("");
    const std::string event_name = get("GITHUB_EVENT_NAME").value_or("");
    if (path.empty()) return CiRange{CiKind::github, {}, "no event payload"};
    STANCH_TRY(const std::string text, os::read_file(path));
    const Json event = Json::parse(text, nullptr, false);
    if (!event.is_object())
        return fail(ErrorKind::incomplete, "GITHUB_EVENT_PATH is not JSON", path,
                    "give the range yourself: --range A..B");
    const std::string base = text_at(event, "/pull_request/base/sha");
    if (is_object_id(base))
        return between(CiKind::github, base, text_at(event, "/pull_request/head/sha"),
                       "pull request against " + text_at(event, "/pull_request/base/ref"));
    const std::string group_base = text_at(event, "/merge_group/base_sha");
    if (is_object_id(group_base))
        return between(CiKind::github, group_base, text_at(event, "/merge_group/head_sha"),
                       "merge queue");
    const std::string before = text_at(event, "/before");
    if (event_name == "push" && is_object_id(before))
        return between(CiKind::github, before, text_at(event, "/after"), "push");
    return CiRange{
        CiKind::github, {}, event_name == "push" ? "a new branch or tag" : "event " + event_name};
}

// docs.gitlab.com/ci/variables/predefined_variables
CiRange gitlab(const Variables& get) {
    const std::string head = get("CI_COMMIT_SHA").value_or("");
    const std::string merge_base = get("CI_MERGE_REQUEST_DIFF_BASE_SHA").value_or("");
    if (is_object_id(merge_base)) return between(CiKind::gitlab, merge_base, head, "merge request");
    const std::string before = get("CI_COMMIT_BEFORE_SHA").value_or("");
    if (is_object_id(before)) return between(CiKind::gitlab, before, head, "push");
    return {CiKind::gitlab, {}, "a new branch, tag or manual run"};
}

std::string without_prefix(const std::string& text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

// learn.microsoft.com/azure/devops/pipelines/build/variables: only pull requests name a base.
CiRange azure(const Variables& get) {
    const std::string target =
        without_prefix(get("SYSTEM_PULLREQUEST_TARGETBRANCH").value_or(""), "refs/heads/");
    if (target.empty()) return {CiKind::azure, {}, "not a pull request"};
    return between(CiKind::azure, "origin/" + target, {}, "pull request against " + target);
}

// support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets
CiRange bitbucket(const Variables& get) {
    const std::string target = get("BITBUCKET_PR_DESTINATION_COMMIT").value_or("");
    const std::string head = get("BITBUCKET_COMMIT").value_or("");
    if (target.empty()) return {CiKind::bitbucket, {}, "not a pull request"};
    return between(CiKind::bitbucket, target, head, "pull request");
}

// plugins.jenkins.io/git, environment variables; CHANGE_TARGET is a multibranch pull request's.
CiRange jenkins(const Variables& get) {
    const std::string target = get("CHANGE_TARGET").value_or("");
    if (!target.empty())
        return between(CiKind::jenkins, "origin/" + target, {}, "change request against " + target);
    const std::string head = get("GIT_COMMIT").value_or("");
    for (const char* name : {"GIT_PREVIOUS_SUCCESSFUL_COMMIT", "GIT_PREVIOUS_COMMIT"})
        if (const std::string before = get(name).value_or(""); is_object_id(before))
            return between(CiKind::jenkins, before, head, "since the last build");
    return {CiKind::jenkins, {}, "a first build"};
}

bool set(const Variables& get, const char* name) {
    return !get(name).value_or("").empty();
}

} // namespace

std::optional<std::string> process_variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return value;
}

Result<CiRange> ci_range(const Variables& get) {
    if (set(get, "GITHUB_ACTIONS")) return github(get);
    if (set(get, "GITLAB_CI")) return gitlab(get);
    if (set(get, "TF_BUILD")) return azure(get);
    if (set(get, "BITBUCKET_BUILD_NUMBER")) return bitbucket(get);
    // CircleCI names no base: circleci.com/docs/reference/variables.
    if (set(get, "CIRCLECI")) return CiRange{CiKind::circleci, {}, "CircleCI names no base"};
    if (set(get, "JENKINS_URL")) return jenkins(get);
    if (set(get, "CI")) return CiRange{CiKind::other, {}, "an unknown CI"};
    return CiRange{CiKind::none, {}, "no CI"};
}

std::string_view to_string(CiKind kind) {
    switch (kind) {
    case CiKind::none:
        return "no CI";
    case CiKind::github:
        return "GitHub Actions";
    case CiKind::gitlab:
        return "GitLab CI";
    case CiKind::azure:
        return "Azure Pipelines";
    case CiKind::bitbucket:
        return "Bitbucket Pipelines";
    case CiKind::circleci:
        return "CircleCI";
    case CiKind::jenkins:
        return "Jenkins";
    case CiKind::other:
        return "CI";
    }
    return "CI";
}

} // namespace stanch::cli
