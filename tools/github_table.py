#!/usr/bin/env python3
"""Writes src/privilege/data/github.txt: every REST operation of GitHub and the fine-grained permission it needs.

    npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json
    tools/github_table.py package/generated/api.github.com.json src/privilege/data/github.txt

Operations: @octokit/openapi (MIT). Permissions: docs.github.com, "Permissions required for fine-grained personal access
tokens"; they follow the operation's category, and RULES says how.
"""
import json
import pathlib
import re
import sys

HEAD = """\
# GitHub's REST operations and the fine-grained permission each needs. Written by tools/github_table.py.
#   VERB PATH OPERATION PERMISSION:ACCESS      "-" where no permission is needed; "{}" is a path's parameter
"""

# (category, subcategory or "", part of the path or "") → permission. The first that fits counts; "-" is none.
# A permission of its own for reads or writes: "read=…", "write=…".
RULES = [
    ("actions", "secrets", "/environments/", "environments"), ("actions", "secrets", "/orgs/", "organization_secrets"),
    ("actions", "secrets", "", "secrets"), ("actions", "variables", "/environments/", "environments"),
    ("actions", "variables", "/orgs/", "organization_actions_variables"), ("actions", "variables", "", "actions_variables"),
    ("actions", "self-hosted-runners", "/orgs/", "organization_self_hosted_runners"),
    ("actions", "self-hosted-runners", "", "administration"),
    ("actions", "self-hosted-runner-groups", "", "organization_self_hosted_runners"),
    ("actions", "hosted-runners", "", "organization_administration"),
    ("actions", "permissions", "/orgs/", "organization_administration"), ("actions", "permissions", "", "administration"),
    ("actions", "oidc", "/orgs/", "organization_administration"), ("actions", "", "/orgs/", "organization_administration"),
    ("actions", "", "", "actions"),
    ("activity", "starring", "/repos/", "metadata"), ("activity", "starring", "", "starring"),
    ("activity", "watching", "/subscription", "-"), ("activity", "watching", "", "metadata"),
    ("activity", "events", "/repos/", "metadata"), ("activity", "events", "", "-"), ("activity", "", "", "-"),
    ("branches", "branch-protection", "", "administration"), ("branches", "", "/rename", "administration"),
    ("branches", "", "", "contents"),
    ("checks", "", "", "checks"), ("code-scanning", "", "", "security_events"),
    ("code-security", "", "/orgs/", "organization_administration"), ("code-security", "", "", "administration"),
    ("code-quality", "", "", "administration"),
    ("codespaces", "repository-secrets", "", "codespaces_secrets"),
    ("codespaces", "organization-secrets", "", "organization_codespaces_secrets"),
    ("codespaces", "secrets", "", "codespaces_user_secrets"), ("codespaces", "organizations", "", "organization_codespaces"),
    ("codespaces", "", "", "codespaces"),
    ("collaborators", "", "/user/", "-"), ("collaborators", "collaborators", "", "read=metadata write=administration"),
    ("collaborators", "", "", "administration"),
    ("commits", "statuses", "", "statuses"), ("commits", "comments", "", "read=metadata write=contents"),
    ("commits", "", "", "contents"),
    ("copilot", "", "", "organization_copilot_seat_management"),
    ("credentials", "", "", "-"), ("codes-of-conduct", "", "", "-"), ("emojis", "", "", "-"), ("gitignore", "", "", "-"),
    ("licenses", "", "/repos/", "metadata"), ("licenses", "", "", "-"), ("markdown", "", "", "-"), ("meta", "", "", "-"),
    ("rate-limit", "", "", "-"), ("classroom", "", "", "-"), ("search", "", "", "metadata"),
    ("dependabot", "secrets", "/orgs/", "organization_dependabot_secrets"), ("dependabot", "secrets", "", "dependabot_secrets"),
    ("dependabot", "repository-access", "", "organization_administration"), ("dependabot", "", "", "vulnerability_alerts"),
    ("dependency-graph", "", "", "contents"), ("deploy-keys", "", "", "administration"),
    ("deployments", "environments", "", "read=actions write=administration"),
    ("deployments", "branch-policies", "", "read=actions write=administration"),
    ("deployments", "protection-rules", "", "read=actions write=administration"), ("deployments", "", "", "deployments"),
    ("gists", "", "", "gists"), ("git", "", "", "contents"),
    ("interactions", "repos", "", "administration"), ("interactions", "orgs", "", "organization_administration"),
    ("interactions", "", "", "interaction_limits"),
    ("issues", "", "/orgs/", "organization_administration"), ("issues", "", "", "issues"),
    ("metrics", "traffic", "", "administration"), ("metrics", "community", "", "contents"), ("metrics", "", "", "metadata"),
    ("migrations", "orgs", "", "organization_administration"), ("migrations", "source-imports", "", "contents"),
    ("migrations", "", "", "-"),
    ("orgs", "members", "", "members"), ("orgs", "outside-collaborators", "", "members"),
    ("orgs", "webhooks", "", "organization_hooks"), ("orgs", "blocking", "", "organization_user_blocking"),
    ("orgs", "organization-roles", "", "members"), ("orgs", "security-managers", "", "read=organization_administration write=organization_administration"),
    ("orgs", "custom-properties", "", "organization_custom_properties"), ("orgs", "attestations", "", "attestations"),
    ("orgs", "personal-access-tokens", "", "organization_personal_access_tokens"),
    ("orgs", "network-configurations", "", "organization_network_configurations"),
    ("orgs", "orgs", "", "read=- write=organization_administration"), ("orgs", "", "", "organization_administration"),
    ("packages", "", "", "packages"), ("pages", "", "", "pages"), ("private-registries", "", "", "organization_private_registries"),
    ("projects", "", "/orgs/", "organization_projects"), ("projects", "", "", "projects"),
    ("pulls", "", "/merge", "read=pull_requests write=contents"), ("pulls", "", "", "pull_requests"),
    ("reactions", "", "/issues/", "issues"), ("reactions", "", "/pulls/", "pull_requests"), ("reactions", "", "/teams/", "members"),
    ("reactions", "", "", "contents"), ("releases", "", "", "contents"),
    ("repos", "contents", "", "contents"), ("repos", "commits", "", "contents"), ("repos", "webhooks", "", "repository_hooks"),
    ("repos", "forks", "", "read=metadata write=administration"), ("repos", "rules", "", "read=metadata write=administration"),
    ("repos", "rule-suites", "", "administration"), ("repos", "autolinks", "", "administration"),
    ("repos", "custom-properties", "", "read=metadata write=repository_custom_properties"),
    ("repos", "attestations", "", "attestations"), ("repos", "repos", "/dispatches", "contents"),
    ("repos", "repos", "/vulnerability-alerts", "administration"), ("repos", "repos", "/automated-security-fixes", "administration"),
    ("repos", "repos", "/private-vulnerability-reporting", "administration"),
    ("repos", "repos", "/codeowners/", "contents"), ("repos", "", "", "read=metadata write=administration"),
    ("secret-scanning", "", "", "secret_scanning_alerts"), ("security-advisories", "", "/repos/", "repository_advisories"),
    ("security-advisories", "", "", "-"), ("teams", "", "", "members"),
    ("users", "emails", "", "email_addresses"), ("users", "followers", "/user/", "followers"), ("users", "gpg-keys", "/user/", "gpg_keys"),
    ("users", "keys", "/user/", "keys"), ("users", "ssh-signing-keys", "/user/", "git_signing_ssh_public_keys"),
    ("users", "blocking", "", "blocking"), ("users", "social-accounts", "/user/", "profile"),
    ("users", "users", "", "read=- write=profile"), ("users", "", "", "-"),
    ("apps", "", "", "-"), ("billing", "", "/organizations/", "organization_administration"), ("billing", "", "", "plan"),
    ("campaigns", "", "", "organization_campaigns"),
]


def permission(category, subcategory, verb, path):
    reads = verb in ("GET", "HEAD")
    for rule, sub, part, answer in RULES:
        if rule != category or (sub and sub != subcategory) or (part and part not in path + "/"):
            continue
        if "=" in answer:
            answer = dict(item.split("=") for item in answer.split())["read" if reads else "write"]
        return "-" if answer == "-" else f"{answer}:{'read' if reads else 'write'}"
    return None


def main():
    paths = json.loads(pathlib.Path(sys.argv[1]).read_text())["paths"]
    lines, unknown = [], 0
    for path, verbs in paths.items():
        for verb, operation in verbs.items():
            github = operation.get("x-github") if isinstance(operation, dict) else None
            if not github:
                continue
            needs = permission(github["category"], github.get("subcategory") or "", verb.upper(), path)
            if needs is None:
                unknown += 1
                continue
            lines.append(f"{verb.upper()} {re.sub(r'{[^}]*}', '{}', path)} {operation['operationId']} {needs}\n")
    pathlib.Path(sys.argv[2]).write_text(HEAD + "".join(lines))
    print(f"{len(lines)} operations, {unknown} without a known permission")


if __name__ == "__main__":
    main()
