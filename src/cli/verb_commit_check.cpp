#include "cli/config_file.h"
#include "cli/say.h"
#include "cli/verbs.h"

#include "commits/gate.h"
#include "commits/read.h"
#include "commits/source.h"
#include "commits/untangle.h"
#include "os/file.h"
#include "text/encoding.h"

#include <array>
#include <cstdlib>

namespace stanch::cli {
namespace {

constexpr std::array<Flag, 5> flags{{
    {"--range", 0, "A..B", "check each commit from A to B instead of the staged change"},
    {"--whole", 0, "", "with --range: check their sum, as a squash merge would commit it"},
    {"--message", 0, "FILE",
     "the message of the staged change: a 'Stanch-Large: REASON' in it lets it pass"},
    {"--warn", 0, "", "say what is too large, but let it pass"},
    {"--format", 0, "FORMAT", "human or json"},
}};

// One change under the gate.
struct Checked {
    std::string name;    // "the staged change", "1a2b3c4d5e6f Add a parser"
    std::string command; // that mends it
    std::string message;
    commits::Verdict verdict;
};

std::vector<commits::FilePair> pairs_of(const commits::Change& change) {
    std::vector<commits::FilePair> pairs;
    for (const commits::FileChange& file : change.files)
        if (!file.submodule)
            pairs.push_back({file.path, file.old_side.content.text(), file.new_side.content.text(),
                             file.binary});
    return pairs;
}

// How many parts a split would make; where the history can't be read, without it.
std::size_t concerns_of(const commits::Git& git, const commits::Change& change,
                        const std::string& base) {
    auto history =
        base.empty() ? Result<commits::History>() : commits::read_history(git, base, change);
    const commits::Facts facts =
        commits::gather_facts(change, history ? *history : commits::History());
    return commits::untangle(change, facts, commits::Leaning::whole).groups;
}

void weigh(const commits::Git& git, const commits::Change& change, const std::string& base,
           const commits::Limits& limits, Checked& checked) {
    commits::Verdict& verdict = checked.verdict;
    verdict = commits::check_change(pairs_of(change), limits, checked.message);
    // The model is asked only where its answer matters: it costs more than all the rest.
    if (limits.concerns == 0 && verdict.excess.empty()) return;
    verdict.measure.concerns = concerns_of(git, change, base);
    verdict.excess = commits::judge(verdict.measure, limits);
}

std::string strings_json(const std::vector<std::string>& list) {
    std::string out;
    for (const std::string& text : list)
        out += (out.empty() ? "\"" : ", \"") + text::json_escape(text) + "\"";
    return "[" + out + "]";
}

std::string checked_json(const Checked& checked) {
    const commits::Measure& m = checked.verdict.measure;
    std::string excess;
    for (const commits::Excess& one : checked.verdict.excess)
        excess += (excess.empty() ? "" : ", ") + ("{\"limit\": \"" + one.limit) +
                  "\", \"value\": " + std::to_string(one.value) +
                  ", \"allowed\": " + std::to_string(one.allowed) + "}";
    const auto number = [](const char* name, std::size_t value) {
        return "\"" + std::string(name) + "\": " + std::to_string(value) + ", ";
    };
    return "{\"name\": \"" + text::json_escape(checked.name) + "\", " + number("lines", m.lines) +
           number("files", m.files) + number("directories", m.directories) +
           number("moved", m.moved) + number("test_lines", m.test_lines) +
           number("other_lines", m.other_lines) + number("all_files", m.all_files) +
           (m.concerns ? number("concerns", *m.concerns) : "") +
           "\"generated\": " + strings_json(m.generated) +
           ", \"binary\": " + strings_json(m.binary) + ", \"excess\": [" + excess + "]" +
           (checked.verdict.reason
                ? ", \"reason\": \"" + text::json_escape(*checked.verdict.reason) + "\""
                : "") +
           "}";
}

int finish(const std::vector<Checked>& all, bool json) {
    bool refused = false;
    std::string out;
    for (const Checked& checked : all) {
        if (json)
            out += (out.empty() ? "\n  " : ",\n  ") + checked_json(checked);
        else
            for (const std::string& line :
                 commits::explain(checked.verdict, checked.name, checked.command))
                tell(line);
        refused = refused || checked.verdict.refused();
    }
    if (json) answer("[" + out + "\n]\n");
    return refused ? exit_found : exit_clean;
}

Result<Checked> check_staged(const commits::Git& git, const commits::Limits& limits,
                             const Arguments& arguments) {
    Checked checked{"the staged change", "stanch split --staged", {}, {}};
    if (const auto path = arguments.value("--message")) {
        STANCH_TRY(checked.message, os::read_file(*path));
    }
    commits::SourceRequest request;
    request.kind = commits::SourceKind::staged;
    // A hook of `git commit FILE…` sees an index of its own.
    if (const char* index = std::getenv("GIT_INDEX_FILE"); index != nullptr)
        request.index_file = index;
    const auto source = commits::find_source(git, request);
    if (!source && source.error().kind == ErrorKind::not_found) return checked;
    if (!source) return std::unexpected(source.error());
    STANCH_TRY(
        const commits::Change change,
        commits::read_change(git, source->base_tree, source->target_tree, source->environment));
    weigh(git, change, source->base_commit, limits, checked);
    return checked;
}

Result<Checked> check_commit(const commits::Git& git, const commits::Limits& limits,
                             const std::string& commit) {
    commits::SourceRequest request;
    STANCH_TRY(const std::string text, git.run({"log", "-1", "--format=%P%n%B", commit}));
    const std::size_t newline = text.find('\n');
    const std::string parent = text.substr(0, newline);
    Checked checked;
    checked.message = text.substr(newline + 1);
    checked.name =
        commit.substr(0, 12) + " " + checked.message.substr(0, checked.message.find('\n'));
    checked.command = "stanch split --commit " + commit.substr(0, 12);
    STANCH_TRY(const std::string base, parent.empty()
                                           ? git.line({"hash-object", "-t", "tree", "/dev/null"})
                                           : Result<std::string>(parent));
    STANCH_TRY(const commits::Change change, commits::read_change(git, base, commit));
    weigh(git, change, parent, limits, checked);
    return checked;
}

Result<std::vector<Checked>> check_range(const commits::Git& git, const commits::Limits& limits,
                                         const std::string& range, bool whole) {
    const std::size_t dots = range.find("..");
    if (dots == std::string::npos || dots == 0)
        return fail(ErrorKind::usage, "--range needs A..B, not '" + range + "'");
    const std::string to = range.substr(std::min(range.find_first_not_of('.', dots), range.size()));
    STANCH_CHECK(commits::find_commit(git, range.substr(0, dots)));
    STANCH_CHECK(commits::find_commit(git, to.empty() ? "HEAD" : to));
    std::vector<Checked> all;
    STANCH_TRY(const std::string list,
               git.run({"rev-list", "--reverse", "--no-merges", range, "--"}));
    if (whole && !list.empty()) {
        STANCH_TRY(const std::string base,
                   git.line({"merge-base", range.substr(0, dots), to.empty() ? "HEAD" : to}));
        STANCH_TRY(const commits::Change change,
                   commits::read_change(git, base, to.empty() ? "HEAD" : to));
        Checked checked{range, "stanch split --range " + range, {}, {}};
        STANCH_TRY(checked.message, git.run({"log", "--no-merges", "--format=%B", range, "--"}));
        weigh(git, change, base, limits, checked);
        all.push_back(std::move(checked));
        return all;
    }
    for (std::size_t at = 0; at < list.size(); at = list.find('\n', at) + 1) {
        STANCH_TRY(Checked checked,
                   check_commit(git, limits, list.substr(at, list.find('\n', at) - at)));
        all.push_back(std::move(checked));
    }
    return all;
}

Result<int> run(const Arguments& arguments) {
    const std::string format = arguments.value("--format").value_or("human");
    if (format != "human" && format != "json")
        return fail(ErrorKind::usage, "there is no format '" + format + "'", {}, "human or json");
    STANCH_TRY(const commits::Git git, commits::Git::open("."));
    STANCH_TRY(ConfigFile config, load_config("."));
    STANCH_TRY(commits::Limits limits, commits::read_limits(config.root));
    limits.warn = limits.warn || arguments.has("--warn");
    std::vector<Checked> all;
    if (const auto range = arguments.value("--range")) {
        STANCH_TRY(all, check_range(git, limits, *range, arguments.has("--whole")));
    } else {
        STANCH_TRY(Checked checked, check_staged(git, limits, arguments));
        all.push_back(std::move(checked));
    }
    return finish(all, format == "json");
}

} // namespace

const Verb commit_check_verb{
    .name = "commit check",
    .summary = "stop a change that is too large to be read",
    .usage = "[--range A..B] [--message FILE]",
    .text = "Counts what a reviewer must read: added and removed lines of code, files of code, "
            "directories.\n"
            "Tests, documents, lock files and generated files stand apart; a line that only moved "
            "is not\n"
            "new. The limits, in [commits] of stanch.toml, with their defaults:\n"
            "\n"
            "    max_lines = 200        # 0 switches a limit off\n"
            "    max_files = 10\n"
            "    max_directories = 0\n"
            "    max_concerns = 0       # parts that stanch split would make\n"
            "    exclude = []           # globs of paths that are not counted\n"
            "    warn = false           # true: say it, but let it pass\n"
            "\n"
            "A line 'Stanch-Large: REASON' in the commit's message lets it pass, and the reason "
            "stays in the history.\n",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
