#include "privilege/github_table.h"

#include "privilege/tables.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

namespace stanch::privilege {
namespace {

// PyGithub's methods (PyGithub.readthedocs.io) and the operation behind each.
constexpr std::pair<std::string_view, std::string_view> pygithub[]{
    {"get_repo", "repos/get"},
    {"get_user", "users/get-authenticated"},
    {"get_organization", "orgs/get"},
    {"get_repos", "repos/list-for-authenticated-user"},
    {"create_repo", "repos/create-in-org"},
    {"get_issue", "issues/get"},
    {"get_issues", "issues/list-for-repo"},
    {"create_issue", "issues/create"},
    {"create_comment", "issues/create-comment"},
    {"get_comments", "issues/list-comments"},
    {"add_to_labels", "issues/add-labels"},
    {"remove_from_labels", "issues/remove-label"},
    {"set_labels", "issues/set-labels"},
    {"get_labels", "issues/list-labels-for-repo"},
    {"get_label", "issues/get-label"},
    {"create_label", "issues/create-label"},
    {"add_to_assignees", "issues/add-assignees"},
    {"remove_from_assignees", "issues/remove-assignees"},
    {"get_milestones", "issues/list-milestones"},
    {"get_milestone", "issues/get-milestone"},
    {"create_milestone", "issues/create-milestone"},
    {"get_pull", "pulls/get"},
    {"get_pulls", "pulls/list"},
    {"create_pull", "pulls/create"},
    {"merge", "pulls/merge"},
    {"create_review", "pulls/create-review"},
    {"get_reviews", "pulls/list-reviews"},
    {"get_files", "pulls/list-files"},
    {"create_review_comment", "pulls/create-review-comment"},
    {"create_review_request", "pulls/request-reviewers"},
    {"create_issue_comment", "issues/create-comment"},
    {"get_issue_comments", "issues/list-comments"},
    {"get_review_comments", "pulls/list-review-comments"},
    {"update_branch", "pulls/update-branch"},
    {"get_contents", "repos/get-content"},
    {"get_readme", "repos/get-readme"},
    {"create_file", "repos/create-or-update-file-contents"},
    {"update_file", "repos/create-or-update-file-contents"},
    {"delete_file", "repos/delete-file"},
    {"get_branch", "repos/get-branch"},
    {"get_branches", "repos/list-branches"},
    {"get_commit", "repos/get-commit"},
    {"get_commits", "repos/list-commits"},
    {"compare", "repos/compare-commits-with-basehead"},
    {"get_git_ref", "git/get-ref"},
    {"get_git_refs", "git/list-matching-refs"},
    {"create_git_ref", "git/create-ref"},
    {"create_git_tree", "git/create-tree"},
    {"get_git_tree", "git/get-tree"},
    {"create_git_commit", "git/create-commit"},
    {"create_git_blob", "git/create-blob"},
    {"get_git_blob", "git/get-blob"},
    {"create_git_tag", "git/create-tag"},
    {"get_git_tag", "git/get-tag"},
    {"get_tags", "repos/list-tags"},
    {"get_releases", "repos/list-releases"},
    {"get_release", "repos/get-release-by-tag"},
    {"get_latest_release", "repos/get-latest-release"},
    {"create_git_release", "repos/create-release"},
    {"create_git_tag_and_release", "repos/create-release"},
    {"upload_asset", "repos/upload-release-asset"},
    {"get_assets", "repos/list-release-assets"},
    {"create_status", "repos/create-commit-status"},
    {"get_statuses", "repos/list-commit-statuses-for-ref"},
    {"get_combined_status", "repos/get-combined-status-for-ref"},
    {"get_check_runs", "checks/list-for-ref"},
    {"create_check_run", "checks/create"},
    {"get_workflows", "actions/list-repo-workflows"},
    {"get_workflow", "actions/get-workflow"},
    {"get_workflow_runs", "actions/list-workflow-runs-for-repo"},
    {"get_workflow_run", "actions/get-workflow-run"},
    {"create_dispatch", "actions/create-workflow-dispatch"},
    {"create_repository_dispatch", "repos/create-dispatch-event"},
    {"create_secret", "actions/create-or-update-repo-secret"},
    {"delete_secret", "actions/delete-repo-secret"},
    {"get_public_key", "actions/get-repo-public-key"},
    {"get_secrets", "actions/list-repo-secrets"},
    {"create_variable", "actions/create-repo-variable"},
    {"create_hook", "repos/create-webhook"},
    {"get_hooks", "repos/list-webhooks"},
    {"create_key", "repos/create-deploy-key"},
    {"get_keys", "repos/list-deploy-keys"},
    {"get_collaborators", "repos/list-collaborators"},
    {"add_to_collaborators", "repos/add-collaborator"},
    {"remove_from_collaborators", "repos/remove-collaborator"},
    {"create_deployment", "repos/create-deployment"},
    {"get_deployments", "repos/list-deployments"},
    {"create_fork", "repos/create-fork"},
    {"get_forks", "repos/list-forks"},
    {"get_contributors", "repos/list-contributors"},
    {"get_languages", "repos/list-languages"},
    {"get_topics", "repos/get-all-topics"},
    {"replace_topics", "repos/replace-all-topics"},
    {"get_members", "orgs/list-members"},
    {"get_teams", "teams/list"},
    {"get_team_by_slug", "teams/get-by-name"},
    {"create_team", "teams/create"},
    {"add_membership", "teams/add-or-update-membership-for-user-in-org"},
    {"invite_user", "orgs/create-invitation"},
    {"search_issues", "search/issues-and-pull-requests"},
    {"search_repositories", "search/repos"},
    {"search_code", "search/code"},
    {"search_users", "search/users"},
    {"edit_protection", "repos/update-branch-protection"},
    {"get_protection", "repos/get-branch-protection"},
    {"remove_protection", "repos/delete-branch-protection"},
    {"get_stargazers", "activity/list-stargazers-for-repo"},
    {"get_traffic_views", "repos/get-views"},
    {"get_traffic_clones", "repos/get-clones"},
    {"get_gists", "gists/list"},
    {"create_gist", "gists/create"},
    {"get_rate_limit", "rate-limit/get"},
    {"get_environments", "repos/get-all-environments"},
    {"create_environment", "repos/create-or-update-environment"},
    {"merge_upstream", "repos/merge-upstream"},
    {"get_events", "activity/list-repo-events"},
    {"get_emails", "users/list-emails-for-authenticated-user"},
    {"get_artifacts", "actions/list-artifacts-for-repo"},
    {"create_reaction", "reactions/create-for-issue"},
};

struct Table {
    std::vector<GithubOperation> all;
    std::unordered_map<std::string_view, std::size_t> by_id;

    Table() {
        std::string_view text = github_text();
        while (!text.empty()) {
            std::string_view line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(text.size(), line.size() + 1));
            if (line.empty() || line[0] == '#') continue;
            std::array<std::string_view, 4> parts;
            for (std::string_view& part : parts) {
                part = line.substr(0, line.find(' '));
                line.remove_prefix(std::min(line.size(), part.size() + 1));
            }
            if (parts[3] == "-") parts[3] = {};
            by_id[parts[2]] = all.size();
            all.push_back({parts[0], parts[1], parts[2], parts[3]});
        }
    }
};

const Table& table() {
    static const Table built;
    return built;
}

std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> parts;
    path = path.substr(0, path.find_first_of("?#"));
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        if (!part.empty()) parts.push_back(part);
        path.remove_prefix(std::min(path.size(), part.size() + 1));
    }
    return parts;
}

// How well a path fits a route: -1 not at all, else the number of literal segments that agree. One
// unknown part may be two segments ("owner/repo" in one variable).
int fit(const std::vector<std::string_view>& path, const std::vector<std::string_view>& route,
        std::size_t i = 0, std::size_t j = 0) {
    if (i == path.size()) return j == route.size() ? 0 : -1;
    if (j == route.size()) return -1;
    const bool unknown = path[i].find('\x01') != std::string_view::npos;
    int best = -1;
    if (path[i] == route[j] || unknown || route[j] == "{}") {
        const int rest = fit(path, route, i + 1, j + 1);
        if (rest >= 0) best = rest + (path[i] == route[j] ? 2 : route[j] == "{}" ? 1 : 0);
    }
    if (unknown && path[i].size() == 1 && j + 1 < route.size() && route[j] == "{}" &&
        route[j + 1] == "{}") {
        const int rest = fit(path, route, i + 1, j + 2);
        if (rest >= 0) best = std::max(best, rest + 2);
    }
    return best;
}

} // namespace

std::optional<GithubOperation> github_operation(std::string_view id) {
    const auto found = table().by_id.find(id);
    if (found == table().by_id.end()) return std::nullopt;
    return table().all[found->second];
}

std::optional<GithubOperation> github_route(std::string_view verb, std::string_view path) {
    const auto wanted = segments(path);
    if (wanted.size() > 12) return std::nullopt;
    std::optional<GithubOperation> best;
    int score = -1;
    for (const GithubOperation& each : table().all) {
        if (each.verb != verb) continue;
        const int here = fit(wanted, segments(each.path));
        if (here > score) {
            score = here;
            best = each;
        }
    }
    return best;
}

std::optional<GithubOperation> pygithub_method(std::string_view method) {
    const auto* const found =
        std::ranges::find(pygithub, method, [](const auto& each) { return each.first; });
    return found == std::end(pygithub) ? std::nullopt : github_operation(found->second);
}

} // namespace stanch::privilege
