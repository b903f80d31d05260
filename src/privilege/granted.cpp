// The providers that answer over HTTP, as a table; the others are called by name.
#include "privilege/granted_parts.h"

#include "privilege/github_table.h"
#include "privilege/macaroon.h"
#include "privilege/policy.h"

#include <algorithm>
#include <array>
#include <set>

namespace stanch::privilege {
namespace {

enum class Auth { bearer, token, basic_user, gitlab, shopify, query };

struct Probe {
    std::string_view provider;
    std::string_view base;
    std::string_view method;
    std::string_view path;
    Auth auth;
    std::string_view header; // scopes stand in this header, or
    std::string_view json;   // here in the body
    std::string_view expires;
    std::string_view silent; // why nothing is known where neither is there
    std::string_view trap;
};

constexpr std::array probes{
    Probe{"github", "https://api.github.com", "GET", "/user", Auth::bearer, "x-oauth-scopes", "",
          "github-authentication-token-expiration",
          "a fine-grained token can't read its own permissions; an organization's GitHub App can",
          "classic scopes such as repo have no read-only form"},
    Probe{"gitlab", "https://gitlab.com", "GET", "/api/v4/personal_access_tokens/self",
          Auth::gitlab, "", "scopes/*", "expires_at",
          "project and group tokens can't read themselves", ""},
    Probe{"slack", "https://slack.com", "POST", "/api/auth.test", Auth::bearer, "x-oauth-scopes",
          "", "", "Slack named no scopes", ""},
    Probe{"google", "https://oauth2.googleapis.com", "GET", "/tokeninfo?access_token=", Auth::query,
          "", "scope", "exp", "Google named no scopes", ""},
    Probe{"npm", "https://registry.npmjs.org", "GET", "/-/npm/v1/tokens", Auth::bearer, "",
          "objects/*/readonly", "objects/*/expires",
          "npm lists no token that can be told to be this one",
          "readonly is told for the account's tokens, by their first letters"},
    Probe{"huggingface", "https://huggingface.co", "GET", "/api/whoami-v2", Auth::bearer, "",
          "auth/accessToken/role", "", "Hugging Face named no role", ""},
    Probe{"sendgrid", "https://api.sendgrid.com", "GET", "/v3/scopes", Auth::bearer, "", "scopes/*",
          "", "SendGrid named no scopes", ""},
    Probe{"shopify", "", "GET", "/admin/oauth/access_scopes.json", Auth::shopify, "",
          "access_scopes/*/handle", "", "Shopify named no scopes", ""},
    Probe{"square", "https://connect.squareup.com", "POST", "/oauth2/token/status", Auth::bearer,
          "", "scopes/*", "expires_at", "Square named no scopes", ""},
    Probe{"buildkite", "https://api.buildkite.com", "GET", "/v2/access-token", Auth::bearer, "",
          "scopes/*", "", "Buildkite named no scopes", ""},
    Probe{"openai", "https://api.openai.com", "GET", "/v1/models", Auth::bearer, "", "", "",
          "OpenAI does not tell a key's permissions", ""},
    Probe{"anthropic", "https://api.anthropic.com", "GET", "/v1/models", Auth::bearer, "", "", "",
          "Anthropic does not tell a key's permissions", ""},
};

// Those that tell nothing to the credential itself.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> mute{{
    {"dockerhub", "Docker Hub shows a token's scopes only to its account's password"},
    {"mysql", "reading MySQL grants is not supported"},
}};

constexpr std::array<std::string_view, 20> known_providers{
    "github",  "gitlab",    "slack",     "google", "npm",       "huggingface", "sendgrid",
    "shopify", "square",    "buildkite", "openai", "anthropic", "datadog",     "stripe",
    "pypi",    "dockerhub", "mysql",     "aws",    "postgres",  "redis"};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = text.find_first_of(", ");
        if (end != 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    std::ranges::sort(out);
    return out;
}

void authorize(net::Request& request, Auth auth, const Secret& value) {
    const std::string secret(value.reveal());
    switch (auth) {
    case Auth::bearer:
    case Auth::basic_user:
    case Auth::token:
        request.headers.push_back({"Authorization", "Bearer " + secret});
        break;
    case Auth::gitlab:
        request.headers.push_back({"PRIVATE-TOKEN", secret});
        break;
    case Auth::shopify:
        request.headers.push_back({"X-Shopify-Access-Token", secret});
        break;
    case Auth::query:
        request.url += secret;
        break;
    }
}

// Providers of which many run servers of their own, or several sites: another one's refusal says
// nothing.
struct Site {
    std::string_view provider;
    std::string_view own;
    std::string_view example;
};
constexpr std::array sites{
    Site{"gitlab", "gitlab.com", "https://gitlab.example.com"},
    Site{"square", "Square's production", "https://connect.squareupsandbox.com"},
    Site{"sendgrid", "SendGrid's global site", "https://api.eu.sendgrid.com"},
};

Granted refused(const Probe& probe, bool asked_elsewhere) {
    if (!asked_elsewhere)
        for (const Site& site : sites)
            if (site.provider == probe.provider)
                return unknown(std::string(site.own) +
                               " does not take it: it is dead, or of another server: --endpoint " +
                               std::string(probe.provider) + "=" + std::string(site.example));
    return dead("the provider does not take it");
}

bool too_many(const net::Response& answer) {
    if (answer.status == 429) return true;
    return answer.status == 403 &&
           (answer.header("x-ratelimit-remaining") == "0" || answer.header("retry-after"));
}

// docs.slack.dev/reference/methods/auth.test, "Errors": those that say that the token is no good.
std::optional<Granted> slack_error(std::string_view body) {
    static constexpr std::array<std::string_view, 8> of_dead_tokens{
        "invalid_auth",     "not_authed",         "token_revoked",     "token_expired",
        "account_inactive", "org_login_required", "ekm_access_denied", "two_factor_setup_required"};
    if (json_texts(body, "ok") != std::vector<std::string>{"false"}) return std::nullopt;
    const auto errors = json_texts(body, "error");
    const std::string error = errors.empty() ? "no" : errors[0];
    if (error == "ratelimited" || error == "rate_limited")
        return unknown("the provider asks to wait: too many requests");
    if (std::ranges::find(of_dead_tokens, error) != of_dead_tokens.end())
        return dead("Slack says " + error);
    return unknown("Slack says " + error);
}

// Tokens of GitHub Apps answer another call, and no token but the classic ones has scopes: the
// header is empty or missing.
struct GithubKind {
    std::string_view begins;
    std::string_view path;
    std::string_view silent;
};
constexpr std::array github_kinds{
    GithubKind{"github_pat_", "/user",
               "a fine-grained token can't read its own permissions; an organization's GitHub App "
               "can"},
    GithubKind{"ghs_", "/installation/repositories?per_page=1",
               "an installation's token can't read its permissions; they were told where it was "
               "made (POST /app/installations/ID/access_tokens), and can be lowered there"},
    GithubKind{"ghu_", "/user",
               "a user's token of a GitHub App has the app's permissions, which it can't read"},
};

const GithubKind* github_kind(const Probe& probe, const Secret& value) {
    if (probe.provider != "github") return nullptr;
    for (const GithubKind& kind : github_kinds)
        if (value.reveal().starts_with(kind.begins)) return &kind;
    return nullptr;
}

Result<Granted> ask(const Probe& probe, const Presented& credential, const Endpoints& endpoints,
                    net::Client& client) {
    const auto other = endpoints.find(probe.provider);
    if (other == endpoints.end() && probe.base.empty())
        return unknown("the shop's address is needed: --endpoint " + std::string(probe.provider) +
                       "=https://…");
    const GithubKind* kind = github_kind(probe, *credential.value);
    const bool elsewhere = other != endpoints.end();
    net::Request request{.method = std::string(probe.method),
                         .url = (elsewhere ? other->second : std::string(probe.base)) +
                                std::string(kind != nullptr ? kind->path : probe.path)};
    authorize(request, probe.auth, *credential.value);
    if (probe.provider == "anthropic")
        request.headers = {{"x-api-key", std::string(credential.value->reveal())},
                           {"anthropic-version", "2023-06-01"}};
    if (probe.provider == "github") request.headers.push_back({"User-Agent", "stanch"});
    STANCH_TRY(const net::Response answer, client.send(request));
    const std::string_view body = view(answer.body);
    if (answer.status == 401) return refused(probe, elsewhere);
    if (too_many(answer)) return unknown("the provider asks to wait: too many requests");
    if (answer.status == 400 && probe.provider == "google")
        return dead("the token is invalid or has expired");
    if (answer.status >= 400)
        return unknown("the provider answered with status " + std::to_string(answer.status));
    if (probe.provider == "slack")
        if (auto error = slack_error(body)) return std::move(*error);
    if (json_texts(body, "active") == std::vector<std::string>{"false"})
        return dead("it has been revoked or has expired");
    if (kind != nullptr) return unknown(std::string(kind->silent));
    Granted granted;
    granted.trap = probe.trap;
    if (!probe.header.empty()) {
        const auto header = answer.header(probe.header);
        if (!header) return unknown(std::string(probe.silent));
        granted.scopes = split(*header);
        if (const auto expires = answer.header(probe.expires); expires && !probe.expires.empty())
            granted.expires = *expires;
    } else {
        granted.scopes =
            probe.json.empty() ? std::vector<std::string>() : json_texts(body, probe.json);
        if (granted.scopes.empty()) return unknown(std::string(probe.silent));
        // npm lists all tokens of the account, and not which of them asked.
        if (probe.provider == "npm" &&
            std::ranges::adjacent_find(granted.scopes, std::not_equal_to<>()) !=
                granted.scopes.end())
            return unknown("the account has several npm tokens, which may do different things");
        if (probe.provider == "npm") granted.scopes.resize(1);
        if (granted.scopes.size() == 1) granted.scopes = split(granted.scopes[0]);
        if (!probe.expires.empty())
            if (const auto expires = json_texts(body, probe.expires); !expires.empty())
                granted.expires = expires[0];
    }
    if (probe.provider == "huggingface")
        for (std::string& scope :
             json_texts(body, "auth/accessToken/fineGrained/scoped/*/permissions/*"))
            granted.scopes.push_back(std::move(scope));
    granted.state = Granted::State::known;
    granted.access = access_of(probe.provider, granted.scopes);
    return granted;
}

Granted stripe(std::string_view key) {
    if (key.starts_with("rk_"))
        return unknown("Stripe does not tell a restricted key's permissions to itself");
    if (!key.starts_with("sk_")) return unknown("the value does not have the form of a Stripe key");
    Granted granted{
        .state = Granted::State::known, .scopes = {"(everything)"}, .access = Access::admin};
    granted.trap = "a secret key (sk_) may do everything; a restricted one (rk_) is limited";
    return granted;
}

// Classic GitHub scopes that a fine-grained permission takes.
std::set<std::string> classic_scopes(const std::vector<std::string>& needed) {
    std::set<std::string> out;
    for (const std::string& permission : needed) {
        const std::string name = permission.substr(0, permission.find(':'));
        const bool writes = permission.ends_with(":write");
        if (name == "metadata") continue;
        if (name == "members")
            out.insert(writes ? "admin:org" : "read:org");
        else if (name.starts_with("organization_hooks"))
            out.insert("admin:org_hook");
        else if (name.starts_with("organization_"))
            out.insert("admin:org");
        else if (name == "gists")
            out.insert("gist");
        else if (name == "packages")
            out.insert(writes ? "write:packages" : "read:packages");
        else if (name == "repository_hooks")
            out.insert(writes ? "write:repo_hook" : "read:repo_hook");
        else if (name == "email_addresses")
            out.insert("user:email");
        else if (name == "profile")
            out.insert("user");
        else
            out.insert("repo");
    }
    return out;
}

} // namespace

Granted unknown(std::string why) {
    return {.state = Granted::State::unknown, .why = std::move(why)};
}
Granted dead(std::string why) {
    return {.state = Granted::State::dead, .why = std::move(why)};
}

std::span<const std::string_view> granted_providers() {
    return known_providers;
}

Granted pypi_granted(const Secret& token) {
    const auto scope = pypi_scope(token);
    if (!scope) return unknown(scope.error().what);
    Granted granted{.state = Granted::State::known, .access = Access::write};
    for (const std::string& project : scope->projects)
        granted.scopes.push_back("project:" + project);
    if (!scope->limited) granted.scopes.emplace_back("(every project of the account)");
    if (!scope->limited) granted.access = Access::admin;
    if (scope->not_after) granted.expires = std::to_string(*scope->not_after);
    if (scope->unknown_caveat)
        granted.trap = "it has a limit that is not known here: it may be narrower still";
    else if (!scope->limited)
        granted.trap = "'stanch keys narrow' limits it to a project, offline";
    return granted;
}

Result<Granted> read_granted(std::string_view provider, const Presented& credential,
                             const Endpoints& endpoints, net::Client& client) {
    if (auto told = told_by_form(provider, credential)) return std::move(*told);
    if (provider == "pypi") return pypi_granted(*credential.value);
    if (provider == "stripe") return stripe(credential.value->reveal());
    if (provider == "datadog") return datadog_granted(credential, endpoints, client);
    if (provider == "postgres") return postgres_granted(*credential.value);
    if (provider == "redis") return redis_granted(*credential.value);
    if (provider == "aws") {
        const auto other = endpoints.find("aws");
        return aws_granted(
            credential, other == endpoints.end() ? "https://iam.amazonaws.com" : other->second,
            other == endpoints.end() ? "https://sts.amazonaws.com" : other->second, client);
    }
    for (const auto& [name, why] : mute)
        if (name == provider) return unknown(std::string(why));
    for (const Probe& probe : probes)
        if (probe.provider == provider) return ask(probe, credential, endpoints, client);
    return unknown("there is no way known to ask this provider");
}

std::vector<std::string> excess(std::string_view provider, const Granted& granted,
                                const std::vector<std::string>& needed) {
    std::vector<std::string> out;
    if (granted.state != Granted::State::known) return out;
    const auto classic = provider == "github" ? classic_scopes(needed) : std::set<std::string>();
    for (const std::string& scope : granted.scopes) {
        bool used = std::ranges::find(needed, scope) != needed.end();
        if (provider == "github") used = used || classic.contains(scope);
        // A pattern that covers more than is needed is excess, even where something needed lies
        // below it.
        if (provider == "aws")
            used = std::ranges::any_of(needed, [&](const std::string& action) {
                return action_matches(scope, action) && scope.find('*') == std::string::npos;
            });
        if (!used) out.push_back(scope);
    }
    return out;
}

} // namespace stanch::privilege
