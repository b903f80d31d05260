#include "cli/say.h"
#include "cli/verbs.h"

#include "commits/plan_text.h"
#include "commits/read.h"
#include "commits/review.h"
#include "commits/source.h"
#include "report/report.h"

#include <algorithm>
#include <array>

namespace stanch::cli {
namespace {

constexpr std::array<Flag, 3> flags{{
    {"--format", 0, "FORMAT",
     "human, markdown (a comment for a pull request), sarif, jsonl, json, csv"},
    {"--staged", 0, "", "the staged change, even where nothing is staged"},
    {"--top", 0, "N", "only the N riskiest hunks"},
}};

struct Reviewed {
    commits::Change change;
    std::vector<commits::Risk> risks;
};

std::string reasons_text(const commits::Risk& risk) {
    std::string text;
    for (const commits::Reason& reason : risk.reasons)
        text += (text.empty() ? "" : "; ") + reason.what + " (line " + std::to_string(reason.line) +
                ")";
    return text.empty() ? "nothing that rules know" : text;
}

std::string human(const Reviewed& reviewed) {
    std::string out;
    for (const commits::Risk& risk : reviewed.risks)
        out += std::string(to_string(commits::level_of(risk))) + "  " +
               report::printable(commits::hunk_name(reviewed.change, risk.hunk)) + "\n    " +
               reasons_text(risk) + "\n";
    return out;
}

// Paths and reasons stand in a table: pipes and backticks in a path must not end a cell.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : report::printable(text)) {
        if (c == '|' || c == '`' || c == '\\' || c == '<' || c == '[' || c == '*' || c == '_')
            out += '\\';
        out += c;
    }
    return out;
}

std::string markdown(const Reviewed& reviewed) {
    std::string out = "### Where to look first\n\n| risk | where | why |\n|---|---|---|\n";
    std::size_t low = 0;
    for (const commits::Risk& risk : reviewed.risks) {
        if (commits::level_of(risk) == commits::RiskLevel::low) {
            ++low;
            continue;
        }
        const std::uint32_t line = risk.reasons.front().line;
        out += "| " + std::string(to_string(commits::level_of(risk))) + " | " +
               cell(reviewed.change.file_of(risk.hunk).path) + ":" + std::to_string(line) + " | " +
               cell(reasons_text(risk)) + " |\n";
    }
    if (low > 0) out += "\n" + report::counted(low, "hunk") + " of low risk not listed.\n";
    return out;
}

Confidence confidence_of(const commits::Risk& risk) {
    switch (commits::level_of(risk)) {
    case commits::RiskLevel::high:
        return Confidence::high;
    case commits::RiskLevel::medium:
        return Confidence::medium;
    case commits::RiskLevel::low:
        break;
    }
    return Confidence::low;
}

Finding finding_of(const Reviewed& reviewed, const commits::Risk& risk) {
    const commits::Hunk& hunk = reviewed.change.hunks[risk.hunk];
    const std::string rule = risk.reasons.empty() ? "other" : risk.reasons.front().rule;
    Finding finding;
    finding.path = reviewed.change.file_of(risk.hunk).path;
    const std::size_t line =
        std::max(1U, risk.reasons.empty() ? hunk.new_start : risk.reasons.front().line);
    finding.span = finding.match_span = {line, 1, line, 1};
    finding.rule = "review-" + rule;
    std::ranges::replace(finding.rule, ' ', '-');
    finding.description = "a change that a reviewer should look at: " + rule;
    finding.confidence = confidence_of(risk);
    finding.probability = std::min(1.0, risk.score / 10.0);
    finding.why = reasons_text(risk);
    return finding;
}

Result<std::string> as_findings(const Reviewed& reviewed, const std::string& format) {
    report::Options options;
    options.version = STANCH_VERSION;
    STANCH_TRY(const auto writer, report::make_writer(format, options));
    std::string out;
    report::Summary summary;
    writer->begin(out);
    for (const commits::Risk& risk : reviewed.risks) {
        if (risk.reasons.empty()) continue;
        std::array<Finding, 1> one{finding_of(reviewed, risk)};
        writer->add(one, out);
        ++summary.findings;
    }
    writer->end(summary, out);
    return out;
}

// "A..B", "A...B" (from where they parted), or one commit.
Result<std::pair<std::string, std::string>> ends_of(const commits::Git& git,
                                                    const std::string& range) {
    const std::size_t dots = range.find("..");
    if (dots == std::string::npos) {
        if (!git.succeeds(
                {"rev-parse", "--verify", "--quiet", "--end-of-options", range + "^{commit}"}))
            return fail(ErrorKind::not_found, "there is no commit '" + range + "'");
        if (git.succeeds({"rev-parse", "--verify", "--quiet", range + "^"}))
            return std::pair(range + "^", range);
        STANCH_TRY(const std::string empty, git.line({"hash-object", "-t", "tree", "/dev/null"}));
        return std::pair(empty, range);
    }
    const bool three = range.compare(dots, 3, "...") == 0;
    std::string from = range.substr(0, dots);
    std::string to = range.substr(dots + (three ? 3 : 2));
    if (from.empty()) from = "HEAD";
    if (to.empty()) to = "HEAD";
    if (!three) return std::pair(from, to);
    STANCH_TRY(from, git.line({"merge-base", from, to}));
    return std::pair(from, to);
}

Result<commits::Change> find_change(const commits::Git& git, const Arguments& arguments) {
    if (!arguments.positional().empty()) {
        STANCH_TRY(const auto ends, ends_of(git, arguments.positional()[0]));
        return commits::read_change(git, ends.first, ends.second);
    }
    commits::SourceRequest request;
    if (arguments.has("--staged")) request.kind = commits::SourceKind::staged;
    STANCH_TRY(const commits::Source source, commits::find_source(git, request));
    return commits::read_change(git, source.base_tree, source.target_tree, source.environment);
}

Result<int> run(const Arguments& arguments) {
    if (arguments.positional().size() > 1)
        return fail(ErrorKind::usage, "'stanch review' takes one range");
    STANCH_TRY(const commits::Git git, commits::Git::open("."));
    Reviewed reviewed;
    STANCH_TRY(reviewed.change, find_change(git, arguments));
    reviewed.risks = commits::review(reviewed.change, commits::gather_facts(reviewed.change, {}));
    if (const auto top = arguments.value("--top")) {
        const bool number = !top->empty() && top->size() < 7 &&
                            top->find_first_not_of("0123456789") == std::string::npos;
        if (!number) return fail(ErrorKind::usage, "--top needs a number, not '" + *top + "'");
        if (std::stoul(*top) < reviewed.risks.size()) reviewed.risks.resize(std::stoul(*top));
    }
    const std::string format = arguments.value("--format").value_or("human");
    if (format == "human")
        answer(human(reviewed));
    else if (format == "markdown")
        answer(markdown(reviewed));
    else {
        STANCH_TRY(const std::string out, as_findings(reviewed, format));
        answer(out);
    }
    return exit_clean;
}

} // namespace

const Verb review_verb{
    .name = "review",
    .summary = "say where in a change a human eye is needed most",
    .usage = "[REV | A..B | A...B]",
    .text = "Orders the hunks of a change by risk: new strings that look like secrets, the "
            "neighbours of\n"
            "credentials, authentication, programs that are started, network, cryptography, "
            "settings, what CI\n"
            "runs, what is installed. Each says why. Without a range: what is staged, else the "
            "work tree's changes.\n",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
