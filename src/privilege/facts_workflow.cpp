// Whether the permissions of a GitHub workflow's token are wider than its jobs need.
#include "privilege/facts.h"
#include "privilege/yaml.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

namespace stanch::privilege {
namespace {

bool contains(std::string_view text, std::string_view part) {
    return memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

// What actions are known to need (their own documentation); others are not judged.
struct ActionNeeds {
    std::string_view action;
    std::string_view permission;
    std::string_view access;
};
constexpr std::array action_needs{
    ActionNeeds{"actions/checkout", "contents", "read"},
    ActionNeeds{"actions/setup-python", "", ""},
    ActionNeeds{"actions/setup-node", "", ""},
    ActionNeeds{"actions/cache", "", ""},
    ActionNeeds{"actions/upload-artifact", "", ""},
    ActionNeeds{"actions/download-artifact", "", ""},
    ActionNeeds{"astral-sh/setup-uv", "", ""},
    ActionNeeds{"codecov/codecov-action", "", ""},
    ActionNeeds{"docker/setup-buildx-action", "", ""},
    ActionNeeds{"docker/setup-qemu-action", "", ""},
    ActionNeeds{"docker/metadata-action", "", ""},
    ActionNeeds{"docker/login-action", "", ""},
    ActionNeeds{"actions/labeler", "pull-requests", "write"},
    ActionNeeds{"actions/stale", "issues", "write"},
    ActionNeeds{"actions/stale", "pull-requests", "write"},
    ActionNeeds{"actions/deploy-pages", "pages", "write"},
    ActionNeeds{"actions/deploy-pages", "id-token", "write"},
    ActionNeeds{"github/codeql-action", "security-events", "write"},
    ActionNeeds{"pypa/gh-action-pypi-publish", "id-token", "write"},
    ActionNeeds{"aws-actions/configure-aws-credentials", "id-token", "write"},
    ActionNeeds{"softprops/action-gh-release", "contents", "write"},
    ActionNeeds{"pre-commit/action", "", ""},
};

struct JobNeeds {
    std::map<std::string, std::string> permissions;
    bool sure = true; // every step is one that we know
};

void raise(JobNeeds& needs, std::string_view permission, std::string_view access) {
    std::string& held = needs.permissions[std::string(permission)];
    if (held != "write") held = std::string(access);
}

void run_step(JobNeeds& needs, std::string_view script) {
    if (contains(script, "git push")) raise(needs, "contents", "write");
    if (contains(script, "GITHUB_TOKEN") || contains(script, "api.github.com") ||
        contains(script, "gh api") || contains(script, "curl"))
        needs.sure = false;
    static constexpr std::array<ActionNeeds, 6> commands{
        {{"gh release", "contents", "write"},
         {"gh pr", "pull-requests", "write"},
         {"gh issue", "issues", "write"},
         {"gh workflow", "actions", "write"},
         {"gh run", "actions", "read"},
         {"docker push ghcr.io", "packages", "write"}}};
    for (const auto& [command, permission, access] : commands)
        if (contains(script, command)) raise(needs, permission, access);
}

JobNeeds needs_of(const Yaml& job) {
    JobNeeds needs;
    if (job["uses"].exists()) needs.sure = false;
    for (const auto& [none, step] : job["steps"].members) {
        run_step(needs, step["run"].text);
        for (const auto& [name, value] : step["env"].members)
            if (contains(value.text, "GITHUB_TOKEN") || contains(value.text, "github.token")) {
                // Something in this step talks to GitHub; the commands above say what, if we know
                // them.
                if (!contains(step["run"].text, "gh ")) needs.sure = false;
            }
        std::string_view action = step["uses"].text;
        if (action.empty()) continue;
        action = action.substr(0, action.find('@'));
        bool known = false;
        for (const ActionNeeds& each : action_needs) {
            if (action != each.action &&
                !(action.starts_with(each.action) && action[each.action.size()] == '/'))
                continue;
            known = true;
            if (!each.permission.empty()) raise(needs, each.permission, each.access);
        }
        if (action == "docker/login-action" && contains(step["with"]["registry"].text, "ghcr.io"))
            raise(needs, "packages", "write");
        if (action == "docker/build-push-action") known = true;
        if (!known) needs.sure = false;
    }
    return needs;
}

void judge(Facts& out, const Source& source, const Yaml& permissions, std::size_t line,
           const std::string& job, const JobNeeds& needs) {
    const auto report = [&](std::string permission, std::string granted, std::string needed,
                            std::size_t at) {
        out.permissions.push_back(
            {source.path, at, job, std::move(permission), std::move(granted), std::move(needed)});
    };
    if (!permissions.exists() || permissions.text == "write-all") {
        std::string needed;
        for (const auto& [name, access] : needs.permissions)
            needed += (needed.empty() ? "" : ", ") + name + ": " + access;
        return report("*", permissions.exists() ? "write-all" : "default",
                      needs.sure ? (needed.empty() ? "none" : needed) : "unknown", line);
    }
    if (!needs.sure) return;
    for (const auto& [name, granted] : permissions.members) {
        const auto needed = needs.permissions.find(name);
        const std::string least = needed == needs.permissions.end() ? "none" : needed->second;
        if (granted.text == "write" && least != "write") report(name, "write", least, granted.line);
        if (granted.text == "read" && least == "none" && name != "contents" && name != "metadata")
            report(name, "read", least, granted.line);
    }
}

} // namespace

void workflow_permissions(const Source& source, const Yaml& workflow, Facts& out) {
    const Yaml& whole = workflow["permissions"];
    JobNeeds all;
    bool every_job_own = !workflow["jobs"].members.empty();
    for (const auto& [name, job] : workflow["jobs"].members) {
        const JobNeeds needs = needs_of(job);
        if (job["permissions"].exists()) {
            judge(out, source, job["permissions"], job["permissions"].line, name, needs);
            continue;
        }
        every_job_own = false;
        all.sure = all.sure && needs.sure;
        for (const auto& [permission, access] : needs.permissions)
            raise(all, permission, access);
    }
    if (!every_job_own && !workflow["jobs"].members.empty())
        judge(out, source, whole, whole.exists() ? whole.line : workflow["jobs"].line, "", all);
}

} // namespace stanch::privilege
