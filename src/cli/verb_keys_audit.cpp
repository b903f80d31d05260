#include "cli/env_shared.h"
#include "cli/keys_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "privilege/audit.h"
#include "report/report.h"

#include <algorithm>

namespace stanch::cli {
namespace {

using privilege::AuditFinding;
using privilege::Fault;
using privilege::Granted;

Result<privilege::Endpoints> endpoints_of(const Arguments& arguments) {
    privilege::Endpoints endpoints;
    for (const std::string& pair : arguments.values("--endpoint")) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos)
            return fail(ErrorKind::usage, "--endpoint takes PROVIDER=URL", {},
                        "--endpoint gitlab=https://gitlab.example.com");
        std::string url = pair.substr(equals + 1);
        while (url.ends_with('/'))
            url.pop_back();
        STANCH_CHECK(net::check_url(url));
        endpoints[pair.substr(0, equals)] = url;
    }
    return endpoints;
}

// The value that a credential has here: the process environment's first, since a CI job has nothing
// else.
std::optional<Secret> value_of(const privilege::Holding& holding) {
    if (auto value = process_variable(holding.name); value && !value->empty()) {
        Secret secret(*value);
        wipe(*value);
        return secret;
    }
    for (const privilege::Stored* stored : holding.stored)
        if (!stored->value.empty() && stored->environment != "example") return stored->value.copy();
    return std::nullopt;
}

// What a credential is read together with: AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, DD_APP_KEY
// with DD_API_KEY.
const privilege::Holding* beside(const KeysProject& project, const privilege::Holding& holding,
                                 std::string_view from, std::string_view to) {
    std::string other = holding.name;
    const auto at = other.find(from);
    if (at == std::string::npos) return nullptr;
    other.replace(at, from.size(), to);
    for (const privilege::Holding& each : project.holdings)
        if (each.name == other) return &each;
    return nullptr;
}

std::optional<Secret> companion_of(const KeysProject& project, const privilege::Holding& holding) {
    static constexpr std::pair<std::string_view, std::string_view> pairs[]{
        {"ACCESS_KEY_ID", "SECRET_ACCESS_KEY"},
        {"APP_KEY", "API_KEY"},
        {"APPLICATION_KEY", "API_KEY"}};
    for (const auto& [from, to] : pairs)
        if (const privilege::Holding* other = beside(project, holding, from, to))
            return value_of(*other);
    return std::nullopt;
}

// Halves of a pair that are asked about with the other one.
bool asked_with_another(const KeysProject& project, const privilege::Holding& holding) {
    if (holding.provider == "aws") return holding.name.find("ACCESS_KEY_ID") == std::string::npos;
    if (holding.provider != "datadog" || holding.name.find("APP") != std::string::npos)
        return false;
    return beside(project, holding, "API_KEY", "APP_KEY") != nullptr ||
           beside(project, holding, "API_KEY", "APPLICATION_KEY") != nullptr;
}

// A variable of a provider's that is no credential (SLACK_CHANNEL, GITHUB_REPOSITORY) is sent
// nowhere.
bool is_credential(const privilege::Holding& holding, const Secret& value) {
    if (holding.declared != nullptr) return holding.declared->sensitive;
    return names_secret(holding.name) || holding.name.find("ACCESS_KEY_ID") != std::string::npos ||
           !privilege::provider_of({}, value.reveal()).empty() ||
           std::ranges::any_of(holding.stored,
                               [](const privilege::Stored* stored) { return stored->sensitive; });
}

Result<std::map<std::string, Granted>> ask(KeysProject& project, const Arguments& arguments) {
    std::map<std::string, Granted> out;
    STANCH_TRY(const privilege::Endpoints endpoints, endpoints_of(arguments));
    STANCH_TRY(auto client, net::Client::open({.timeout = std::chrono::seconds(20),
                                               .tries = 2,
                                               .longest_wait = std::chrono::seconds(3)}));
    for (const privilege::Holding& holding : project.holdings) {
        if (holding.provider.empty() || asked_with_another(project, holding)) continue;
        const auto value = value_of(holding);
        if (!value || !is_credential(holding, *value)) continue;
        const auto companion = companion_of(project, holding);
        const privilege::Holding* with = beside(project, holding, "ACCESS_KEY_ID", "SESSION_TOKEN");
        const auto session = with == nullptr ? std::nullopt : value_of(*with);
        const privilege::Presented presented{holding.name, &*value,
                                             companion ? &*companion : nullptr,
                                             session ? &*session : nullptr};
        auto granted = privilege::read_granted(holding.provider, presented, endpoints, client);
        if (granted) {
            out[holding.name] = std::move(*granted);
        } else {
            out[holding.name] = {.state = Granted::State::unknown, .why = granted.error().what};
            project.missed.push_back(holding.name + ": " + granted.error().what);
        }
    }
    return out;
}

std::string human(const std::vector<AuditFinding>& findings) {
    std::string out;
    for (const AuditFinding& found : findings) {
        out += found.path.empty()
                   ? found.credential
                   : found.path + (found.line != 0 ? ":" + std::to_string(found.line) : "");
        out += ": " + std::string(to_string(found.fault)) + ": " + found.credential + ": " +
               found.message + "\n";
        if (!found.next.empty()) out += "    " + found.next + "\n";
    }
    return out;
}

std::string json(const std::vector<AuditFinding>& findings,
                 const std::map<std::string, Granted>* granted) {
    std::string out = "{\"findings\":[";
    bool first = true;
    for (const AuditFinding& found : findings) {
        out += first ? "\n" : ",\n";
        first = false;
        out += " {\"fault\":" + json_quoted(to_string(found.fault)) +
               ",\"credential\":" + json_quoted(found.credential) +
               ",\"path\":" + json_quoted(found.path) + ",\"line\":" + std::to_string(found.line) +
               ",\"message\":" + json_quoted(found.message) +
               ",\"next\":" + json_quoted(found.next) + ",\"places\":" + json_list(found.places) +
               ",\"excess\":" + json_list(found.excess) + "}";
    }
    out += first ? "]" : "\n]";
    if (granted != nullptr) {
        out += ",\"granted\":{";
        first = true;
        for (const auto& [name, each] : *granted) {
            const std::string_view state = each.state == Granted::State::known  ? "known"
                                           : each.state == Granted::State::dead ? "dead"
                                                                                : "unknown";
            out += std::string(first ? "\n " : ",\n ") + json_quoted(name) +
                   ":{\"state\":" + json_quoted(state) + ",\"scopes\":" + json_list(each.scopes) +
                   ",\"access\":" + json_quoted(to_string(each.access)) +
                   ",\"expires\":" + json_quoted(each.expires) +
                   ",\"why\":" + json_quoted(each.why) + "}";
            first = false;
        }
        out += "\n}";
    }
    return out + "}\n";
}

// The writers of src/report know findings of the scan: an audit's are told in the same words, with
// no secret.
Result<std::string> through_writer(const std::string& format,
                                   const std::vector<AuditFinding>& findings) {
    STANCH_TRY(
        const auto writer,
        report::make_writer(format, {.reveal = false, .colour = false, .version = STANCH_VERSION}));
    std::string out;
    writer->begin(out);
    report::Summary summary;
    std::vector<Finding> group;
    const auto flush = [&] {
        if (!group.empty()) writer->add(group, out);
        summary.paths += group.empty() ? 0 : 1;
        group.clear();
    };
    for (const AuditFinding& found : findings) {
        if (!group.empty() && group[0].path != found.path) flush();
        Finding finding;
        finding.path = found.path.empty() ? "stanch.toml" : found.path;
        finding.span = {std::max<std::size_t>(found.line, 1), 1,
                        std::max<std::size_t>(found.line, 1), 1};
        finding.match_span = finding.span;
        finding.rule = "keys-" + std::string(to_string(found.fault));
        finding.description = std::string(privilege::description(found.fault));
        finding.confidence =
            found.fault == Fault::unknown_scopes ? Confidence::low : Confidence::high;
        finding.probability = 1;
        finding.why = found.credential + ": " + found.message;
        finding.next = found.next;
        finding.fingerprint = Fingerprint::of(
            finding.rule, Secret(found.credential + "\n" + found.message), found.credential);
        ++summary.findings;
        ++(finding.confidence == Confidence::low ? summary.low : summary.high);
        group.push_back(std::move(finding));
    }
    flush();
    writer->end(summary, out);
    return out;
}

Result<int> run(const Arguments& arguments) {
    const std::string format = arguments.value("--format").value_or("human");
    STANCH_TRY(const auto project, read_keys_project(arguments));
    std::map<std::string, Granted> granted;
    const bool online = arguments.has("--online");
    if (!online && !arguments.values("--endpoint").empty())
        return fail(ErrorKind::usage, "--endpoint says where to ask, and nothing is asked", {},
                    "add --online");
    if (online) {
        STANCH_TRY(granted, ask(*project, arguments));
    }
    auto findings = privilege::audit({.manifest = &project->config.manifest,
                                      .has_manifest = !project->config.manifest.credentials.empty(),
                                      .facts = &project->facts,
                                      .stored = &project->stored,
                                      .needs = project->needs.needs,
                                      .holdings = &project->holdings,
                                      .granted = online ? &granted : nullptr,
                                      .names_secret = names_secret,
                                      .now = std::chrono::system_clock::now()});
    // Declarations are named as the other files are: seen from here.
    const std::string above = project->config.directory + "/";
    for (AuditFinding& found : findings)
        if (found.path.starts_with(above)) found.path.erase(0, above.size());
    if (format == "human") {
        answer(human(findings));
    } else if (format == "json") {
        answer(json(findings, online ? &granted : nullptr));
    } else {
        STANCH_TRY(const std::string text, through_writer(format, findings));
        answer(text);
    }
    for (const std::string& line : project->missed)
        tell("not looked at: " + line);
    if (!project->missed.empty()) return exit_incomplete;
    return findings.empty() ? exit_clean : exit_found;
}

constexpr Flag flags[]{
    {"--format", 'f', "FORMAT", "human, json, sarif, jsonl, csv, junit, gitlab"},
    {"--online", 0, "", "ask providers what each credential may do, with the credential itself"},
    {"--endpoint", 0, "PROVIDER=URL",
     "where a provider is to be asked instead (may be given several times)", true},
    {"--vault", 0, "", "also what lies in the vault (unlock it first)"},
    {"--config", 0, "FILE", "the configuration, instead of the one found upward"},
};

} // namespace

const Verb keys_audit_verb{
    .name = "keys audit",
    .summary =
        "find credentials that are shared, too broad, unused, undeclared, overdue or misplaced",
    .usage = "[PATH…]",
    .text =
        "Compares what is declared, what the code needs and (with --online) what is granted, for "
        "every credential:\n\n"
        "shared: one value, in whatever dress, for two services or in two environments, or one "
        "credential read by two services. "
        "too-broad, read-only-would-do: more is declared or granted than the calls in the code "
        "take. unused: declared, never read. "
        "undeclared: read, never declared. overdue: older than its 'rotate'. wrong-place: a "
        "production key in a developer's .env, a secret in "
        "a Dockerfile, compose file, manifest or workflow. workflow-permissions: the permissions "
        "of a GitHub Actions workflow are wider than its "
        "jobs need. unknown-scopes: asked, and not told.\n\n"
        "Values are compared by fingerprints that are keyed anew in every run, and neither shown "
        "nor written.\n\n"
        "Exit codes: 0, nothing is wrong; 1, something is; 3, something could not be looked at.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
