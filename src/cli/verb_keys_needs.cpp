#include "cli/keys_files.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "privilege/needs.h"
#include "text/encoding.h"

namespace stanch::cli {
namespace {

std::string quoted(std::string_view text) {
    return "\"" + text::json_escape(text) + "\"";
}

std::string list(const std::vector<std::string>& words) {
    std::string out = "[";
    for (const std::string& word : words)
        out += (out.size() > 1 ? "," : "") + quoted(word);
    return out + "]";
}

std::string json_line(const privilege::Need& need) {
    return "{\"path\":" + quoted(need.path) + ",\"line\":" + std::to_string(need.line) +
           ",\"provider\":" + quoted(need.provider) + ",\"service\":" + quoted(need.service) +
           ",\"operation\":" + quoted(need.operation) +
           ",\"access\":" + quoted(to_string(need.access)) +
           ",\"permissions\":" + list(need.permissions) + ",\"resources\":" + list(need.resources) +
           ",\"certainty\":\"" +
           (need.certainty == privilege::Certainty::followed ? "followed" : "by_shape") +
           "\",\"evidence\":" + quoted(need.evidence) + "}\n";
}

std::string human_line(const privilege::Need& need) {
    std::string out = need.path + ":" + std::to_string(need.line) + ": " + need.provider + " " +
                      need.service + " " + need.operation + " (" +
                      std::string(to_string(need.access)) + ")";
    for (const std::string& permission : need.permissions)
        out += " " + permission;
    return out + "\n    " + need.evidence + "\n";
}

Result<int> run(const Arguments& arguments) {
    const std::string format = arguments.value("--format").value_or("human");
    if (format != "human" && format != "jsonl")
        return fail(ErrorKind::usage, "there is no format '" + format + "'", {},
                    "use human or jsonl");
    STANCH_TRY(const ProjectFiles project, read_project(arguments.positional(), Wanted::python));
    std::vector<privilege::Source> sources;
    sources.reserve(project.files.size());
    for (const ProjectFile& file : project.files)
        sources.push_back({file.path, file.text});
    const privilege::NeedsReport report = privilege::find_needs(sources);
    std::string out;
    for (const privilege::Need& need : report.needs)
        out += format == "jsonl" ? json_line(need) : human_line(need);
    answer(out);
    if (arguments.has("--statistics"))
        tell(std::to_string(report.files) + " files, " + std::to_string(report.parsed) +
             " parsed, " + std::to_string(report.lines) + " lines, " +
             std::to_string(report.needs.size()) + " calls");
    for (const std::string& path : project.skipped)
        tell("not read: " + path);
    for (const std::string& path : report.skipped)
        tell("not parsed: " + path);
    return project.skipped.empty() && report.skipped.empty() ? exit_clean : exit_incomplete;
}

constexpr Flag flags[]{
    {"--format", 'f', "FORMAT",
     "human or jsonl (path, line, provider, service, operation, access, permissions, evidence)"},
    {"--statistics", 0, "", "say how many files were looked at, on stderr"},
};

} // namespace

const Verb keys_needs_verb{
    .name = "keys needs",
    .summary = "list the provider calls that the code makes, and the permission each takes",
    .usage = "[PATH…]",
    .text = "Reads Python sources as text, offline, and follows clients through modules, "
            "attributes, helper functions, "
            "parameters and containers to the calls made on them: boto3 and aiobotocore, PyGithub, "
            "ghapi and plain HTTP to "
            "api.github.com, slack_sdk, stripe, psycopg and SQLAlchemy, redis-py. Every call is "
            "listed with its file and "
            "line. The certainty 'by_shape' marks a call whose client could not be followed, but "
            "whose method and "
            "arguments fit one operation only.\n\n"
            "Exit codes: 0, all files were read; 3, some could not be.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
