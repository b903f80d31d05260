#include "cli/keys_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "privilege/audit.h"
#include "privilege/policy.h"

#include <algorithm>

namespace stanch::cli {
namespace {

bool has_policies(std::string_view provider) {
    return std::ranges::find(privilege::policy_providers(), provider) !=
           privilege::policy_providers().end();
}

// NAME is a credential of the project, or else a provider.
Result<privilege::Holding> find(const KeysProject& project, const std::string& name) {
    for (const privilege::Holding& holding : project.holdings)
        if (holding.name == name) return holding;
    privilege::Holding whole;
    whole.name = name;
    whole.provider = has_policies(name) ? name : privilege::provider_of(name, {});
    if (has_policies(whole.provider)) return whole;
    return fail(ErrorKind::not_found, "there is no credential '" + name + "', and no such provider",
                {},
                "'stanch keys list' lists the credentials; the providers are aws, github, slack, "
                "stripe, postgres and redis");
}

std::string role_of(std::string_view name) {
    std::string out;
    for (const char c : name)
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

Result<int> run(const Arguments& arguments) {
    if (arguments.positional().empty())
        return fail(ErrorKind::usage, "'stanch keys policy' needs a credential's name", {},
                    "stanch keys policy BILLING_AWS_KEY");
    const std::string name = arguments.positional()[0];
    Arguments paths;
    for (std::size_t i = 1; i < arguments.positional().size(); ++i)
        paths.add_positional(arguments.positional()[i]);
    if (const auto config = arguments.value("--config")) paths.add("--config", *config);
    STANCH_TRY(const auto project, read_keys_project(paths));
    STANCH_TRY(const privilege::Holding holding, find(*project, name));
    auto needs = privilege::needs_of(holding, project->needs.needs);
    if (arguments.has("--tests")) needs = project->needs.needs;
    const std::string resources = arguments.value("--resources").value_or("literal");
    if (resources != "literal" && resources != "all")
        return fail(ErrorKind::usage, "--resources takes literal or all, not '" + resources + "'",
                    {}, "--resources all");
    if (resources == "all" && holding.provider == "aws")
        for (privilege::Need& need : needs)
            need.resources.clear();
    const std::string role = arguments.value("--role").value_or(role_of(name));
    if (!has_policies(holding.provider))
        return fail(
            ErrorKind::not_found,
            "there are no policies for '" + name + "'" +
                (holding.provider.empty() ? ": its provider is not known"
                                          : " of " + holding.provider),
            {}, "set 'provider' in stanch.toml to aws, github, slack, stripe, postgres or redis");
    STANCH_TRY(const std::string policy, privilege::policy_for(holding.provider, needs, role));
    answer(policy);
    if (std::ranges::any_of(needs, [](const privilege::Need& need) {
            return need.provider == "aws" && need.service != "s3" && !need.resources.empty();
        }))
        tell("it names resources; test servers such as moto know those of few services: for them, "
             "--resources all");
    const auto guessed =
        std::ranges::count(needs, privilege::Certainty::by_shape, &privilege::Need::certainty);
    if (needs.empty())
        tell("no call of " + holding.provider + " was found: the policy allows nothing");
    if (guessed > 0)
        tell(std::to_string(guessed) + " of " + std::to_string(needs.size()) +
             " calls were read by their shape: see 'stanch keys needs'");
    for (const std::string& line : project->missed)
        tell("not looked at: " + line);
    return project->missed.empty() ? exit_clean : exit_incomplete;
}

constexpr Flag flags[]{
    {"--role", 0, "NAME",
     "the role or user that GRANT and ACL lines are for (default: the credential's name in lower "
     "case)"},
    {"--resources", 0, "WHICH",
     "of an IAM policy: literal (those that the code names; the default), or all ('*' everywhere, "
     "for test servers that check actions only)"},
    {"--tests", 0, "", "also what test files call"},
    {"--config", 0, "FILE", "the configuration, instead of the one found upward"},
};

} // namespace

const Verb keys_policy_verb{
    .name = "keys policy",
    .summary = "write the smallest policy that the code needs of a credential",
    .usage = "NAME [PATH…]",
    .text = "NAME is a credential (declared, read or present), or a provider. Prints an IAM policy "
            "for aws, permissions for github, scopes "
            "for slack, restricted-key permissions for stripe, GRANT statements for postgres, an "
            "ACL line for redis: what the calls in "
            "the code take, with resources where the code names them literally. A credential that "
            "belongs to one service gets the calls of "
            "that service's folder (services/NAME, apps/NAME, …).\n\n"
            "Exit codes: 0; 2, no such credential or provider; 3, something could not be looked "
            "at, so the policy may lack something.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
