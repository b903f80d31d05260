#include "cli/keys_shared.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "privilege/audit.h"
#include "privilege/graph.h"
#include "privilege/policy.h"

#include <algorithm>

namespace stanch::cli {
namespace {

using privilege::Holding;

std::string places(const Holding& holding) {
    std::string out;
    for (const privilege::Stored* stored : holding.stored) {
        const std::string place = stored->store == privilege::Store::vault ? "vault" : stored->path;
        if (out.find(place) == std::string::npos) out += (out.empty() ? "" : ", ") + place;
    }
    if (holding.declared != nullptr && !holding.declared->vault.empty() &&
        out.find("vault") == std::string::npos)
        out += (out.empty() ? "" : ", ") + std::string("vault");
    return out.empty() ? "-" : out;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out.empty() ? "-" : out;
}

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string out;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            out += row[i] +
                   (i + 1 < row.size() ? std::string(widths[i] - width(row[i]) + 2, ' ') : "");
        out += '\n';
    }
    return out;
}

std::string human(const KeysProject& project) {
    std::vector<std::vector<std::string>> rows{
        {"CREDENTIAL", "DECLARED", "PROVIDER", "ACCESS", "SERVICES", "READ", "STORED", "AGE"}};
    for (const Holding& holding : project.holdings) {
        const std::string read =
            holding.reads.empty()
                ? "never"
                : holding.reads[0].path + ":" + std::to_string(holding.reads[0].line) +
                      (holding.reads.size() > 1 ? " +" + std::to_string(holding.reads.size() - 1)
                                                : "");
        rows.push_back({holding.name, holding.declared != nullptr ? "yes" : "no",
                        holding.provider.empty() ? "-" : holding.provider,
                        std::string(to_string(holding.access)), joined(holding.services), read,
                        places(holding),
                        holding.age ? std::to_string(holding.age->count()) + "d" : "-"});
    }
    if (rows.size() == 1) return "no credentials are declared, read or present here\n";
    return table(rows);
}

std::string json(const KeysProject& project) {
    std::string out = "{\"credentials\":[";
    bool first = true;
    for (const Holding& holding : project.holdings) {
        out += first ? "\n" : ",\n";
        first = false;
        out += " {\"name\":" + json_quoted(holding.name) + ",\"declared\":" +
               (holding.declared != nullptr ? json_quoted(holding.declared->where) : "null") +
               ",\"provider\":" + json_quoted(holding.provider) +
               ",\"access\":" + json_quoted(to_string(holding.access)) +
               ",\"services\":" + json_list(holding.services) +
               ",\"age_days\":" + (holding.age ? std::to_string(holding.age->count()) : "null") +
               ",\"read\":[";
        for (std::size_t i = 0; i < holding.reads.size(); ++i) {
            const privilege::Read& read = holding.reads[i];
            out += std::string(i == 0 ? "" : ",") + "{\"path\":" + json_quoted(read.path) +
                   ",\"line\":" + std::to_string(read.line) +
                   ",\"by\":" + json_quoted(to_string(read.reader)) +
                   ",\"service\":" + json_quoted(read.service) + "}";
        }
        out += "],\"stored\":[";
        for (std::size_t i = 0; i < holding.stored.size(); ++i) {
            const privilege::Stored& stored = *holding.stored[i];
            out += std::string(i == 0 ? "" : ",") + "{\"path\":" + json_quoted(stored.path) +
                   ",\"line\":" + std::to_string(stored.line) +
                   ",\"in\":" + json_quoted(to_string(stored.store)) +
                   ",\"environment\":" + json_quoted(stored.environment) + "}";
        }
        out += "],\"vault\":" +
               json_quoted(holding.declared == nullptr ? "" : holding.declared->vault) +
               ",\"inject\":" +
               json_list(holding.declared == nullptr ? std::vector<std::string>()
                                                     : holding.declared->inject) +
               "}";
    }
    return out + "\n]}\n";
}

Result<int> run(const Arguments& arguments) {
    const std::string format = arguments.value("--format").value_or("human");
    if (format != "human" && format != "json" && format != "dot" && format != "svg")
        return fail(ErrorKind::usage, "there is no format '" + format + "'", {},
                    "use human, json, dot or svg");
    STANCH_TRY(const auto project, read_keys_project(arguments));
    // Without --all, an undeclared name that says nothing of a secret (PATH, DEBUG) is left out.
    if (!arguments.has("--all"))
        std::erase_if(project->holdings, [](const Holding& holding) {
            const bool sensitive = std::ranges::any_of(
                holding.stored, [](const privilege::Stored* stored) { return stored->sensitive; });
            return holding.declared == nullptr && !sensitive && !names_secret(holding.name);
        });
    for (Holding& holding : project->holdings)
        if (holding.access == Access::unknown)
            holding.access = privilege::needed_access(
                holding.provider, privilege::needs_of(holding, project->needs.needs));
    answer(format == "json"  ? json(*project)
           : format == "dot" ? privilege::graph_dot(project->holdings)
           : format == "svg" ? privilege::graph_svg(project->holdings)
                             : human(*project));
    for (const std::string& line : project->missed)
        tell("not looked at: " + line);
    return project->missed.empty() ? exit_clean : exit_incomplete;
}

constexpr Flag flags[]{
    {"--format", 'f', "FORMAT",
     "human, json, dot (Graphviz) or svg: the graph of services, credentials and where they lie"},
    {"--all", 'a', "", "also variables whose names and values say nothing of a secret"},
    {"--vault", 0, "", "also what lies in the vault (unlock it first)"},
    {"--config", 0, "FILE", "the configuration, instead of the one found upward"},
};

} // namespace

const Verb keys_list_verb{
    .name = "keys list",
    .summary = "list every credential: declared, read by code, or present",
    .usage = "[PATH…]",
    .text = "Joins what stanch.toml declares, what is read (os.environ and os.getenv, "
            "pydantic-settings, django-environ, decouple, "
            "compose files, GitHub Actions secrets and vars, Dockerfiles, Kubernetes manifests) "
            "and what is present (.env files, "
            "literals in those files). No value is shown.\n\n"
            "Exit codes: 0, everything was looked at; 3, something could not be.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
