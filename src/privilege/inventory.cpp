#include "privilege/inventory.h"

#include <algorithm>
#include <array>
#include <map>

namespace stanch::privilege {
namespace {

struct Sign {
    std::string_view text;
    std::string_view provider;
};

// How values begin, from the providers' own documentation of their formats.
constexpr std::array prefixes{
    Sign{"ghp_", "github"},
    Sign{"github_pat_", "github"},
    Sign{"gho_", "github"},
    Sign{"ghs_", "github"},
    Sign{"ghu_", "github"},
    Sign{"ghr_", "github"},
    Sign{"glpat-", "gitlab"},
    Sign{"AKIA", "aws"},
    Sign{"ASIA", "aws"},
    Sign{"xoxb-", "slack"},
    Sign{"xoxp-", "slack"},
    Sign{"xoxe.", "slack"},
    Sign{"xapp-", "slack"},
    Sign{"https://hooks.slack.com/", "slack"},
    Sign{"sk_live_", "stripe"},
    Sign{"sk_test_", "stripe"},
    Sign{"rk_live_", "stripe"},
    Sign{"rk_test_", "stripe"},
    Sign{"pypi-", "pypi"},
    Sign{"npm_", "npm"},
    Sign{"dckr_pat_", "dockerhub"},
    Sign{"sk-ant-", "anthropic"},
    Sign{"sk-", "openai"},
    Sign{"hf_", "huggingface"},
    Sign{"SG.", "sendgrid"},
    Sign{"shpat_", "shopify"},
    Sign{"EAAA", "square"},
    Sign{"bkua_", "buildkite"},
    Sign{"ya29.", "google"},
    Sign{"postgres://", "postgres"},
    Sign{"postgresql://", "postgres"},
    Sign{"postgresql+", "postgres"},
    Sign{"redis://", "redis"},
    Sign{"rediss://", "redis"},
    Sign{"mysql://", "mysql"},
    Sign{"mysql+", "mysql"},
};

// Parts of usual variable names.
constexpr std::array names{
    Sign{"GITHUB", "github"},
    Sign{"GH_TOKEN", "github"},
    Sign{"GITLAB", "gitlab"},
    Sign{"AWS_", "aws"},
    Sign{"SLACK", "slack"},
    Sign{"STRIPE", "stripe"},
    Sign{"PYPI", "pypi"},
    Sign{"NPM_", "npm"},
    Sign{"DOCKERHUB", "dockerhub"},
    Sign{"OPENAI", "openai"},
    Sign{"ANTHROPIC", "anthropic"},
    Sign{"HUGGINGFACE", "huggingface"},
    Sign{"HF_TOKEN", "huggingface"},
    Sign{"SENDGRID", "sendgrid"},
    Sign{"SHOPIFY", "shopify"},
    Sign{"SQUARE_", "square"},
    Sign{"BUILDKITE", "buildkite"},
    Sign{"DATADOG", "datadog"},
    Sign{"DD_API", "datadog"},
    Sign{"DD_APP", "datadog"},
    Sign{"POSTGRES", "postgres"},
    Sign{"PGPASSWORD", "postgres"},
    Sign{"REDIS", "redis"},
    Sign{"MYSQL", "mysql"},
    Sign{"DATABASE_URL", "postgres"},
    Sign{"GOOGLE", "google"},
};

void add_service(std::vector<std::string>& services, const std::string& service) {
    if (!service.empty() && std::ranges::find(services, service) == services.end())
        services.push_back(service);
}

void finish(Holding& holding, std::chrono::system_clock::time_point now) {
    if (holding.declared != nullptr) {
        holding.services = holding.declared->services;
        holding.provider = holding.declared->provider;
        holding.access = holding.declared->access;
    }
    if (holding.services.empty()) {
        for (const Read& read : holding.reads)
            add_service(holding.services, read.service);
        for (const Stored* stored : holding.stored)
            add_service(holding.services, stored->service);
    }
    for (const Stored* stored : holding.stored) {
        if (holding.provider.empty())
            holding.provider = provider_of(holding.name, stored->value.reveal());
        if (stored->changed) {
            const auto age = std::chrono::duration_cast<std::chrono::days>(now - *stored->changed);
            // Where two places disagree, the newer one says when it was changed.
            if (!holding.age || age < *holding.age)
                holding.age = std::max(age, std::chrono::days{0});
        }
    }
    if (holding.provider.empty()) holding.provider = provider_of(holding.name, {});
    if (holding.provider == "postgresql") holding.provider = "postgres";
}

// The name of a vault item's last part but one: "bw://Team/billing-stripe/password" → what a
// declaration says of it.
const Credential* declared_for(const Manifest& manifest, const Stored& stored) {
    for (const Credential& credential : manifest.credentials)
        if (!credential.vault.empty() && credential.vault == stored.path) return &credential;
    return nullptr;
}

} // namespace

std::string_view to_string(Reader reader) {
    switch (reader) {
    case Reader::code:
        return "code";
    case Reader::compose:
        return "compose";
    case Reader::workflow_secret:
        return "workflow secret";
    case Reader::workflow_variable:
        return "workflow variable";
    case Reader::dockerfile:
        return "Dockerfile";
    case Reader::kubernetes:
        return "kubernetes";
    }
    return "code";
}

std::string_view to_string(Store store) {
    switch (store) {
    case Store::env_file:
        return ".env file";
    case Store::compose:
        return "compose file";
    case Store::dockerfile:
        return "Dockerfile";
    case Store::kubernetes:
        return "kubernetes manifest";
    case Store::workflow:
        return "workflow";
    case Store::vault:
        return "vault";
    }
    return "vault";
}

std::string service_of(std::string_view path) {
    static constexpr std::array<std::string_view, 9> parents{
        "services",  "apps",          "packages",   "projects",   "lambdas",
        "functions", "microservices", "components", "deployments"};
    while (path.starts_with("./"))
        path.remove_prefix(2);
    while (path.find('/') != std::string_view::npos) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(part.size() + 1);
        if (std::ranges::find(parents, part) != parents.end() &&
            path.find('/') != std::string_view::npos)
            return std::string(path.substr(0, path.find('/')));
    }
    return {};
}

std::string environment_of(std::string_view path) {
    const auto has = [&](std::string_view word) {
        return path.find(word) != std::string_view::npos;
    };
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (has("staging") || name.find("stag") != std::string_view::npos) return "staging";
    if (has("production") || name.find("prod") != std::string_view::npos) return "production";
    if (has("/prod/") || path.starts_with("prod/")) return "production";
    if (name.find("test") != std::string_view::npos || name.ends_with(".ci")) return "test";
    if (name.find("example") != std::string_view::npos ||
        name.find("sample") != std::string_view::npos ||
        name.find("template") != std::string_view::npos)
        return "example";
    return "development";
}

std::string provider_of(std::string_view name, std::string_view value) {
    for (const auto& [text, provider] : prefixes)
        if (value.starts_with(text)) return std::string(provider);
    for (const auto& [text, provider] : names)
        if (name.find(text) != std::string_view::npos) return std::string(provider);
    return {};
}

std::vector<Holding> inventory(const Manifest& manifest, const Facts& facts,
                               const std::vector<Stored>& stored,
                               std::chrono::system_clock::time_point now) {
    std::map<std::string, Holding> by_name;
    const auto of = [&](const std::string& name) -> Holding& {
        Holding& holding = by_name[name];
        holding.name = name;
        return holding;
    };
    for (const Credential& credential : manifest.credentials)
        of(credential.name).declared = &credential;
    for (const Read& read : facts.reads)
        of(read.name).reads.push_back(read);
    for (const std::vector<Stored>* list : {&stored, &facts.stored})
        for (const Stored& each : *list) {
            const Credential* credential =
                each.store == Store::vault ? declared_for(manifest, each) : nullptr;
            of(credential != nullptr ? credential->name : each.name).stored.push_back(&each);
        }
    std::vector<Holding> out;
    for (auto& [name, holding] : by_name) {
        finish(holding, now);
        out.push_back(std::move(holding));
    }
    return out;
}

} // namespace stanch::privilege
