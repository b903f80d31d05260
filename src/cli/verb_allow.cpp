#include "cli/baseline_file.h"
#include "cli/last_findings.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "git/repository.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array<Flag, 4> flags{{
    {"--reason", 'r', "TEXT", "why this is no leak; it stands in the baseline for every reviewer"},
    {"--owner", 0, "NAME", "who answers for it"},
    {"--expires", 0, "DAY", "the last day it is allowed: 2027-01-31, or 90d from today"},
    {"--baseline", 0, "FILE", "the baseline (default: .stanch-baseline at the repository's root)"},
}};

std::vector<LastFinding> seen_before() {
    const auto repository = git::Repository::discover(".", git::Environment::of_process());
    return repository ? read_last_findings(repository->git_dir) : std::vector<LastFinding>();
}

// By its whole fingerprint, or by the beginning of one that was just seen.
Result<LastFinding> named(const std::string& word) {
    std::vector<LastFinding> fitting;
    for (LastFinding& finding : seen_before())
        if (finding.fingerprint.hex().starts_with(word)) fitting.push_back(std::move(finding));
    if (word.size() >= 6 && !fitting.empty() &&
        fitting.front().fingerprint == fitting.back().fingerprint)
        return fitting.front();
    if (fitting.size() > 1)
        return fail(ErrorKind::usage, "several findings begin with " + word, {},
                    "give more digits");
    const auto fingerprint = Fingerprint::parse(word);
    if (!fingerprint)
        return fail(ErrorKind::usage, "no finding of the last scan is called " + word, {},
                    "give the fingerprint as the report shows it (32 hex digits)");
    return LastFinding{*fingerprint, {}, {}};
}

Result<int> run(const Arguments& arguments) {
    if (arguments.positional().empty())
        return fail(ErrorKind::usage, "which finding?", {},
                    "stanch allow FINGERPRINT --reason TEXT");
    const std::string reason = arguments.value("--reason").value_or("");
    if (reason.find_first_not_of(" \t\n") == std::string::npos)
        return fail(ErrorKind::usage, "an exception needs a reason", {},
                    "add --reason 'why this is no leak'");
    std::string expires;
    if (const auto given = arguments.value("--expires")) {
        STANCH_TRY(expires, parse_expiry(*given));
    }
    const std::string path = arguments.value("--baseline").value_or(baseline_path("."));
    STANCH_TRY(scan::Baseline baseline, read_baseline(path));
    if (!baseline.foreign().empty())
        return fail(ErrorKind::usage, "that is another scanner's report, which can't be added to",
                    path, "name another file with --baseline");
    for (const std::string& word : arguments.positional()) {
        STANCH_TRY(const LastFinding finding, named(word));
        baseline.put({finding.fingerprint, finding.rule, finding.path, reason,
                      arguments.value("--owner").value_or(""), expires});
    }
    STANCH_CHECK(write_baseline(path, baseline));
    tell("added to " + path + "; commit it, so that a reviewer sees the reason");
    return exit_clean;
}

} // namespace

const Verb allow_verb{
    .name = "allow",
    .summary = "allow a finding, with a reason that a reviewer can read",
    .usage = "FINGERPRINT…",
    .text = "Adds an entry to the baseline, .stanch-baseline, which is committed with the code. A "
            "finding\n"
            "of the last scan or hook may be named by the first digits of its fingerprint.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
