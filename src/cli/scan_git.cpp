#include "cli/scan_git.h"

#include "cli/progress_bar.h"
#include "cli/scan_sink.h"
#include "git/remote.h"
#include "os/file.h"
#include "os/interrupt.h"
#include "os/tree.h"
#include "scan/history.h"
#include "scan/range.h"
#include "scan/staged.h"
#include "scan/tree.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace stanch::cli {
namespace {

bool is_remote(const Arguments& arguments) {
    const auto& places = arguments.positional();
    return std::ranges::any_of(places, [](const std::string& place) {
        return git::is_remote_url(place) && !os::exists(place);
    });
}

Result<void> check(const Arguments& arguments) {
    constexpr std::array<std::string_view, 4> kinds{"--staged", "--history", "--range", "--since"};
    const auto given =
        std::ranges::count_if(kinds, [&](std::string_view flag) { return arguments.has(flag); });
    if (given > 1)
        return fail(ErrorKind::usage, "--staged, --history, --range and --since exclude each other",
                    {}, "give one of them");
    if (arguments.positional().size() > 1)
        return fail(ErrorKind::usage, "one repository at a time", arguments.positional()[1],
                    "run stanch once for each");
    if (arguments.has("--stdin"))
        return fail(ErrorKind::usage, "--stdin has no history", "--stdin", "leave it out");
    if (arguments.has("--staged") && is_remote(arguments))
        return fail(ErrorKind::usage, "a remote repository has nothing staged",
                    git::without_credentials(arguments.positional()[0]));
    return {};
}

class GitScan {
  public:
    GitScan(const Arguments& arguments, const ScanSettings& settings, const scan::Engine& engine,
            scan::Sink& sink, scan::Progress& progress)
        : arguments_(arguments), settings_(settings), engine_(engine), sink_(sink) {
        options_.scan = settings.scan;
        options_.scan.progress = &progress;
        options_.stop = &os::stop_on_signals();
        options_.tags = true;
    }

    Result<void> run(const std::string& place) {
        const auto environment = is_remote(arguments_) || !arguments_.positional().empty()
                                     ? git::Environment{}
                                     : git::Environment::of_process();
        STANCH_TRY(const git::Repository repository, git::Repository::discover(place, environment));
        if (arguments_.has("--staged"))
            return scan::scan_staged(engine_, repository, sink_, options_.scan);
        if (const auto range = arguments_.value("--range")) {
            STANCH_TRY(const git::CommitRange commits, scan::parse_range(*range, repository));
            return scan::scan_range(engine_, repository, commits, sink_, options_);
        }
        if (const auto since = arguments_.value("--since")) return from_date(*since, repository);
        return history(repository);
    }

  private:
    Result<void> from_date(const std::string& since, const git::Repository& repository) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        STANCH_TRY(const std::int64_t seconds,
                   scan::parse_since(since, std::chrono::floor<std::chrono::seconds>(now).count()));
        STANCH_TRY(const git::CommitRange commits, scan::range_since(seconds, repository));
        return scan::scan_range(engine_, repository, commits, sink_, options_);
    }

    Result<void> history(const git::Repository& repository) {
        if (!arguments_.has("--no-cache") && !is_remote(arguments_))
            options_.cache_directory = os::cache_directory().value_or("");
        STANCH_CHECK(scan::scan_history(engine_, repository, sink_, options_));
        if (!settings_.tree.all_files || repository.work_tree.empty()) return {};
        STANCH_TRY(const auto tree, scan::path_source(repository.work_tree, settings_.tree));
        scan::Source* const source = tree.get();
        return scan::run_scan(engine_, std::span(&source, 1), sink_, options_.scan);
    }

    const Arguments& arguments_;
    const ScanSettings& settings_;
    const scan::Engine& engine_;
    scan::Sink& sink_;
    scan::HistoryOptions options_;
};

} // namespace

bool asks_for_git(const Arguments& arguments) {
    return arguments.has("--staged") || arguments.has("--history") || arguments.has("--range") ||
           arguments.has("--since") || is_remote(arguments);
}

Result<int> scan_git(const Arguments& arguments, const ScanSettings& settings) {
    STANCH_CHECK(check(arguments));
    STANCH_TRY(const scan::Engine engine, scan_engine(settings));
    STANCH_TRY(const std::unique_ptr<ScanSink> sink, ScanSink::open(settings));
    std::string place = arguments.positional().empty() ? "." : arguments.positional()[0];
    std::optional<git::RemoteClone> clone;
    if (is_remote(arguments)) {
        STANCH_TRY(clone, git::RemoteClone::fetch(place));
        place = clone->git_dir();
    }
    os::raise_open_file_limit();
    scan::Progress progress;
    {
        std::optional<ProgressBar> bar;
        if (!arguments.has("--staged")) bar.emplace(progress);
        STANCH_CHECK(GitScan(arguments, settings, engine, *sink, progress).run(place));
    }
    return sink->finish(false);
}

} // namespace stanch::cli
