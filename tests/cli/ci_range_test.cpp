#include "cli/ci_range.h"

#include "os/file.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <map>

using stanch::cli::ci_range;

namespace {

const std::string a(40, 'a');
const std::string b(40, 'b');
const std::string zeros(40, '0');

stanch::cli::CiRange range_of(const std::map<std::string, std::string>& set) {
    const auto found = ci_range([&](const char* name) -> std::optional<std::string> {
        const auto at = set.find(name);
        if (at == set.end()) return std::nullopt;
        return at->second;
    });
    REQUIRE(found);
    return *found;
}

std::string github(const std::string& event, const std::string& payload) {
    const std::string path =
        (std::filesystem::temp_directory_path() / "stanch-ci-range.json").string();
    REQUIRE(stanch::os::write_file(path, payload));
    const std::string range =
        range_of(
            {{"GITHUB_ACTIONS", "true"}, {"GITHUB_EVENT_NAME", event}, {"GITHUB_EVENT_PATH", path}})
            .range;
    std::filesystem::remove(path);
    return range;
}

} // namespace

TEST_CASE("GitHub: pull request, push, new branch, manual run") {
    CHECK(github("pull_request", R"({"pull_request":{"base":{"sha":")" + a +
                                     R"(","ref":"main"},"head":{"sha":")" + b + R"("}}})") ==
          a + ".." + b);
    CHECK(github("push", R"({"before":")" + a + R"(","after":")" + b + R"("})") == a + ".." + b);
    CHECK(github("push", R"({"before":")" + zeros + R"(","after":")" + b + R"("})") == "");
    CHECK(github("workflow_dispatch", "{}") == "");
}

TEST_CASE("GitHub: merge queue, schedule, tags, a branch that went away") {
    CHECK(github("merge_group", R"({"merge_group":{"base_sha":")" + a + R"(","head_sha":")" + b +
                                    R"("}})") == a + ".." + b);
    CHECK(github("schedule", R"({"schedule":"0 3 * * *"})") == "");
    CHECK(github("push", R"({"ref":"refs/tags/v1","before":")" + zeros + R"(","after":")" + b +
                             R"("})") == "");
    CHECK(github("push", R"({"ref":"refs/tags/v1","before":")" + a + R"(","after":")" + b +
                             R"("})") == a + ".." + b);
    CHECK(github("push", R"({"deleted":true,"before":")" + a + R"(","after":")" + zeros +
                             R"("})") == a + "..HEAD");
    CHECK(github("pull_request_target", R"({"pull_request":{"base":{"sha":")" + a +
                                            R"(","ref":"main"},"head":{"sha":")" + b + R"("}}})") ==
          a + ".." + b);
    // SHA-256 repositories.
    const std::string long_a(64, 'a');
    CHECK(github("push", R"({"before":")" + long_a + R"(","after":")" + b + R"("})") ==
          long_a + ".." + b);
}

TEST_CASE("GitLab: merge trains, tags and schedules; Jenkins: the first build of a branch") {
    const std::map<std::string, std::string> train{{"GITLAB_CI", "true"},
                                                   {"CI_MERGE_REQUEST_EVENT_TYPE", "merge_train"},
                                                   {"CI_MERGE_REQUEST_DIFF_BASE_SHA", a},
                                                   {"CI_COMMIT_BEFORE_SHA", zeros},
                                                   {"CI_COMMIT_SHA", b}};
    CHECK(range_of(train).range == a + ".." + b);
    for (const char* source : {"schedule", "web", "push"})
        CHECK(range_of({{"GITLAB_CI", "true"},
                        {"CI_PIPELINE_SOURCE", source},
                        {"CI_COMMIT_TAG", "v1"},
                        {"CI_COMMIT_BEFORE_SHA", zeros},
                        {"CI_COMMIT_SHA", b}})
                  .range == "");
    CHECK(range_of({{"JENKINS_URL", "x"}, {"GIT_COMMIT", b}}).range == "");
    CHECK(range_of({{"JENKINS_URL", "x"},
                    {"GIT_PREVIOUS_SUCCESSFUL_COMMIT", a},
                    {"GIT_PREVIOUS_COMMIT", b},
                    {"GIT_COMMIT", b}})
              .range == a + ".." + b);
    CHECK(range_of({{"TF_BUILD", "True"}, {"BUILD_SOURCEBRANCH", "refs/tags/v1"}}).range == "");
    CHECK(range_of({{"BITBUCKET_BUILD_NUMBER", "1"}, {"BITBUCKET_COMMIT", b}}).range == "");
}

TEST_CASE("a payload that can't be read is an error, not an empty range") {
    CHECK_FALSE(ci_range([](const char* name) -> std::optional<std::string> {
        if (std::string(name) == "GITHUB_ACTIONS") return "true";
        if (std::string(name) == "GITHUB_EVENT_PATH") return "/nonexistent";
        return std::nullopt;
    }));
}

TEST_CASE("the others") {
    CHECK(range_of(
              {{"GITLAB_CI", "true"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", a}, {"CI_COMMIT_SHA", b}})
              .range == a + ".." + b);
    CHECK(range_of({{"GITLAB_CI", "true"}, {"CI_COMMIT_BEFORE_SHA", a}, {"CI_COMMIT_SHA", b}})
              .range == a + ".." + b);
    CHECK(range_of({{"GITLAB_CI", "true"}, {"CI_COMMIT_BEFORE_SHA", zeros}, {"CI_COMMIT_SHA", b}})
              .range == "");
    CHECK(range_of({{"TF_BUILD", "True"}, {"SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"}})
              .range == "origin/main..HEAD");
    CHECK(range_of({{"BITBUCKET_BUILD_NUMBER", "1"},
                    {"BITBUCKET_PR_DESTINATION_COMMIT", "abc123"},
                    {"BITBUCKET_COMMIT", b}})
              .range == "abc123.." + b);
    CHECK(range_of({{"JENKINS_URL", "x"}, {"CHANGE_TARGET", "main"}}).range == "origin/main..HEAD");
    CHECK(range_of({{"JENKINS_URL", "x"}, {"GIT_PREVIOUS_COMMIT", a}, {"GIT_COMMIT", b}}).range ==
          a + ".." + b);
    CHECK(range_of({{"CIRCLECI", "true"}}).range == "");
    CHECK(range_of({}).kind == stanch::cli::CiKind::none);
}
