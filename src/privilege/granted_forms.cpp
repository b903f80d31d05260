// What is told without asking: values that carry a provider's name and are no token of its.
#include "privilege/granted_parts.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

struct Form {
    std::string_view provider; // empty: any
    std::string_view begins;
    std::string_view why;
};

// From the providers' descriptions of their formats.
constexpr std::array forms{
    Form{"google", "AIza", "an API key has no scopes; its restrictions stand in the Cloud console"},
    Form{"google", "GOCSPX-", "a client secret is no access token"},
    Form{"google", "{",
         "a service account's key: what it may do is asked of each project (testIamPermissions)"},
    Form{"github", "ghr_", "a refresh token opens nothing itself"},
    Form{"github", "-----BEGIN",
         "an app's private key: its permissions stand in the app's settings"},
    Form{"gitlab", "glrt-", "a runner's token can't read itself"},
    Form{"gitlab", "gldt-", "a deploy token can't read itself"},
    Form{"gitlab", "glptt-", "a trigger token can't read itself"},
    Form{"gitlab", "glcbt-", "a job's token can't read itself"},
    Form{"gitlab", "glft-", "a feed token can't read itself"},
    Form{"slack", "xapp-", "an app-level token's scopes stand in the app's settings"},
    Form{"slack", "xoxe-", "a refresh token opens nothing itself"},
    Form{"stripe", "pk_", "a publishable key is public, and may only make tokens"},
    Form{"stripe", "whsec_", "a webhook's secret checks signatures, and opens nothing"},
    Form{"openai", "sk-ant-", "this is a key of Anthropic's"},
};

// Parts of names of what is no bearer token whatever it looks like.
constexpr std::array<std::string_view, 10> no_tokens{
    "CLIENT_SECRET", "WEBHOOK_SECRET", "SIGNING_SECRET", "API_SECRET", "APP_SECRET",
    "PRIVATE_KEY",   "PUBLIC_KEY",     "PASSPHRASE",     "CLIENT_ID",  "ENCRYPTION_KEY"};

bool path_or_url(std::string_view value) {
    return value.starts_with('/') || value.starts_with("./") || value.starts_with("~/") ||
           value.starts_with("https://") || value.starts_with("http://");
}

} // namespace

std::optional<Granted> told_by_form(std::string_view provider, const Presented& credential) {
    const std::string_view value = credential.value->reveal();
    if (provider == "slack" && value.find("hooks.slack.com/") != std::string_view::npos)
        return Granted{.state = Granted::State::known,
                       .scopes = {"incoming-webhook"},
                       .access = Access::write,
                       .trap = "whoever has the address can post to its channel"};
    for (const Form& form : forms)
        if (form.provider == provider && value.starts_with(form.begins))
            return unknown(std::string(form.why));
    // Those with an address or a key pair of their own are read as such.
    if (provider == "postgres" || provider == "redis" || provider == "mysql" || provider == "aws" ||
        provider == "pypi")
        return std::nullopt;
    if (path_or_url(value)) return unknown("the value is a path or an address, and no token");
    if (value.find_first_of(" \t\r\n") != std::string_view::npos)
        return unknown("the value does not have the form of a token");
    for (const std::string_view part : no_tokens)
        if (credential.name.find(part) != std::string::npos)
            return unknown("by its name it is no access token, so that it was not sent anywhere");
    return std::nullopt;
}

Access access_of(std::string_view provider, const std::vector<std::string>& scopes) {
    static constexpr std::array<std::string_view, 10> reading{
        "read",     "readonly", "view",     "list",       "get",
        ":history", "identity", "metadata", "user:email", "userinfo"};
    static constexpr std::array<std::string_view, 4> harmless{"openid", "email", "profile",
                                                              "fineGrained"};
    if (provider == "npm")
        return std::ranges::find(scopes, "true") != scopes.end() ? Access::read : Access::write;
    Access widest = Access::read;
    for (const std::string& scope : scopes) {
        std::string low = scope; // Square's are PAYMENTS_READ
        for (char& c : low)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (low.starts_with("admin") || low.ends_with("admin") || low == "full_access" ||
            low == "sudo")
            return Access::admin;
        if (std::ranges::find(harmless, scope) != harmless.end()) continue;
        const bool reads = std::ranges::any_of(
            reading, [&](std::string_view word) { return low.find(word) != std::string::npos; });
        if (!reads || low.find("write") != std::string::npos) widest = Access::write;
    }
    return widest;
}

// Datadog lists the keys of the user who asks; which of them asked is told by its end.
Result<Granted> datadog_granted(const Presented& credential, const Endpoints& endpoints,
                                net::Client& client) {
    const auto other = endpoints.find("datadog");
    const std::string base = other == endpoints.end() ? "https://api.datadoghq.com" : other->second;
    const std::string refused =
        other == endpoints.end()
            ? "Datadog's US1 site does not take it; if it is of another site: --endpoint "
              "datadog=https://api.datadoghq.eu"
            : "Datadog does not take it";
    const auto no = [&] { return other == endpoints.end() ? unknown(refused) : dead(refused); };
    const std::string secret(credential.value->reveal());
    const bool application = credential.name.find("APP") != std::string::npos;
    if (application && credential.companion == nullptr)
        return unknown("an application key is read together with its API key");
    net::Request request{
        .url = base + (application ? "/api/v2/current_user/application_keys" : "/api/v1/validate")};
    request.headers = {
        {"DD-API-KEY", application ? std::string(credential.companion->reveal()) : secret}};
    if (application) request.headers.push_back({"DD-APPLICATION-KEY", secret});
    STANCH_TRY(const net::Response answer, client.send(request));
    if (answer.status == 429) return unknown("the provider asks to wait: too many requests");
    if (answer.status == 401 || answer.status == 403) return no();
    if (answer.status >= 400)
        return unknown("the provider answered with status " + std::to_string(answer.status));
    if (!application) return unknown("an API key has no scopes: whoever has it can submit data");
    const auto scopes =
        datadog_scopes(view(answer.body),
                       std::string_view(secret).substr(secret.size() < 4 ? 0 : secret.size() - 4));
    if (!scopes) return unknown("Datadog lists no application key that ends like this one");
    Granted granted{.state = Granted::State::known, .scopes = *scopes};
    granted.trap = "an application key without scopes may do all that its user may";
    if (granted.scopes.empty()) granted.scopes = {"(all of the user's)"};
    granted.access = access_of("datadog", granted.scopes);
    return granted;
}

} // namespace stanch::privilege
