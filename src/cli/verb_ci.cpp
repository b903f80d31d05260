#include "cli/ci_range.h"
#include "cli/insights.h"
#include "cli/say.h"
#include "cli/scan_git.h"
#include "cli/scan_options.h"
#include "cli/verbs.h"
#include "git/object_store.h"
#include "git/refs.h"
#include "git/repository.h"
#include "os/file.h"
#include "os/temporary.h"

#include <array>
#include <optional>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--range", 0, "A..B", "look at what these commits add, instead of what the CI says"},
    Flag{"--sarif", 0, "FILE", "write a SARIF report"},
    Flag{"--gitlab", 0, "FILE", "write GitLab's secret-detection report"},
    Flag{"--junit", 0, "FILE", "write a JUnit report, which most CIs show as tests"},
    Flag{"--baseline", 'b', "FILE", "findings to keep (default: .stanch-baseline of the project)"},
    Flag{"--rules", 0, "FILE", "use these rules (gitleaks' TOML) instead of the built-in ones"},
    Flag{"--config", 'c', "FILE", "read this configuration instead of searching for one"},
    Flag{"--no-cache", 0, "", "look at all of the history again, not only at what is new in it"},
    Flag{"--threads", 'j', "N", "how many threads (default: one a processor)"},
    Flag{"--verbose", 'v', "", "name everything that is left out, and why"},
};

// After a forced push the commit that the CI names as "before" may be gone. In a whole clone that
// means the whole history; in a shallow one it means that the clone must be deeper.
bool has_base(const std::string& range) {
    const auto repository = git::Repository::discover(".", git::Environment::of_process());
    if (!repository || repository->shallow) return true;
    const git::ObjectStore store = git::ObjectStore::open(*repository);
    git::ObjectReader reader(store);
    const git::Refs refs = git::read_refs(*repository);
    return git::resolve_commit(range.substr(0, range.find("..")), refs, reader).has_value();
}

Result<std::string> chosen_range(const Arguments& arguments) {
    if (auto given = arguments.value("--range")) return *std::move(given);
    STANCH_TRY(const CiRange found, ci_range(process_variable));
    std::string range = found.range;
    std::string why = found.why;
    if (!range.empty() && !has_base(range)) {
        why += ", but its base is not in this clone any more";
        range.clear();
    }
    tell("stanch: " + std::string(to_string(found.kind)) + ", " + why + ": looking at " +
         (range.empty() ? "the whole history" : range));
    return range;
}

// GitHub shows a page that jobs append to: docs.github.com, "Adding a job summary".
Result<void> append_summary(const std::string& page, const std::string& summary) {
    const std::string before = os::read_file(page).value_or("");
    STANCH_TRY(const std::string text, os::read_file(summary));
    STANCH_CHECK(os::write_file(page, before + text, 0644));
    return os::remove_file(summary);
}

// Where Bitbucket has a report's place, the report; it is a courtesy: the job's result stands
// without it.
class Insights {
  public:
    Result<void> ask_for(ScanSettings& settings) {
        if (!process_variable("BITBUCKET_BUILD_NUMBER")) return {};
        STANCH_TRY(folder_, os::TemporaryDirectory::make());
        settings.further.push_back({"bitbucket", file()});
        return {};
    }

    void send() const {
        if (!folder_) return;
        const auto lines = os::read_file(file());
        const Result<void> sent =
            lines ? send_insights(*lines, process_variable) : std::unexpected(lines.error());
        if (!sent)
            tell("stanch: the pull request has no annotations: " + sent.error().what + " (" +
                 sent.error().where + ")");
    }

  private:
    [[nodiscard]] std::string file() const { return folder_->path() + "/insights"; }

    std::optional<os::TemporaryDirectory> folder_;
};

constexpr std::string_view whole_clone =
    "clone the whole history: fetch-depth: 0, GIT_DEPTH: 0, depth: full, method: full";

// Objects that are missing from a clone that was made without them are no damage.
void tell_of_the_clone() {
    const auto repository = git::Repository::discover(".", git::Environment::of_process());
    if (repository && (repository->promisor || repository->shallow))
        tell(std::string("stanch: this clone is ") +
             (repository->promisor ? "partial" : "shallow") + ": " + std::string(whole_clone));
}

// A commit of the range that is not here is no mistake of the person who wrote the job's command.
Result<int> complete(Result<int> code, const std::string& range) {
    if (code) return code;
    const Error& trouble = code.error();
    // A branch that only a shallow clone lacks counts as a mistake of the one who names it.
    const bool named = trouble.kind == ErrorKind::usage && !trouble.where.empty() &&
                       range.find(trouble.where) != std::string::npos;
    if (trouble.kind != ErrorKind::not_found && !named) return code;
    Error error = code.error();
    error.kind = ErrorKind::incomplete;
    error.hint = whole_clone;
    return std::unexpected(std::move(error));
}

// CIs name folders for reports that nobody has made yet.
Result<void> make_folder_of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    return slash == std::string::npos || slash == 0
               ? Result<void>()
               : os::make_directories(file.substr(0, slash), 0755);
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const std::string range, chosen_range(arguments));
    STANCH_TRY(ScanSettings settings, scan_settings(arguments, "."));
    for (const std::string_view format : {"sarif", "gitlab", "junit"})
        if (const auto file = arguments.value("--" + std::string(format))) {
            STANCH_CHECK(make_folder_of(*file));
            settings.further.push_back({std::string(format), *file});
        }
    const std::string page = process_variable("GITHUB_STEP_SUMMARY").value_or("");
    const bool github = process_variable("GITHUB_ACTIONS").has_value();
    if (github) settings.further.push_back({"github", ""});
    if (process_variable("TF_BUILD")) settings.further.push_back({"azure", ""});
    Insights insights;
    STANCH_CHECK(insights.ask_for(settings));
    const std::string summary = page + ".stanch";
    if (!page.empty()) settings.further.push_back({"markdown", summary});

    Arguments scan = arguments;
    if (range.empty())
        scan.add("--history", "");
    else if (!arguments.has("--range"))
        scan.add("--range", range);
    STANCH_TRY(const int code,
               complete(scan_git(scan, settings), arguments.has("--range") ? "" : range));
    if (!page.empty()) STANCH_CHECK(append_summary(page, summary));
    if (code == exit_incomplete) tell_of_the_clone();
    insights.send();
    return code;
}

} // namespace

const Verb ci_verb{
    .name = "ci",
    .summary = "look at what a CI job's push or pull request adds",
    .usage = "",
    .text =
        "Works out the range from the variables of GitHub Actions, GitLab CI, Azure Pipelines,\n"
        "Bitbucket Pipelines, CircleCI and Jenkins; where they name no base (a new branch, a "
        "manual\n"
        "run), the whole history is looked at. In GitHub Actions, Azure Pipelines and Bitbucket\n"
        "Pipelines the findings are annotations; in the first the job has a summary. A clone that "
        "is\n"
        "too shallow is an error (exit code 3): a job that can't look is red. docs/ci.md has a job "
        "for\n"
        "each of them.",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
