// Where a scan's outcomes go: past the lists with which people say no, into the report, and to the
// person.
#pragma once

#include "cli/last_findings.h"
#include "cli/scan_options.h"
#include "os/atomic_file.h"
#include "report/report.h"
#include "scan/baseline.h"
#include "scan/source.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stanch::cli {

class ScanSink : public scan::Sink {
  public:
    // Reads the baseline and the ignore files, and opens the output.
    static Result<std::unique_ptr<ScanSink>> open(const ScanSettings& settings);

    Result<void> take(scan::Outcome outcome) override;

    // Ends the report. `whole` says that the whole project was looked at: entries of lists that met
    // nothing are told then. Returns the exit code.
    Result<int> finish(bool whole);

  private:
    explicit ScanSink(const ScanSettings& settings);

    Result<void> read_lists();
    void note(const scan::Note& note);
    [[nodiscard]] std::uint64_t shown_misses() const;
    // Whether a list hides it.
    bool hidden(Finding& finding);
    Result<void> report_findings(std::vector<Finding>& findings);
    void count(const Finding& finding);
    // One writer and where its text goes.
    struct Output {
        std::unique_ptr<report::Writer> writer;
        std::optional<os::AtomicFile> file; // none: standard output
        std::string text;
    };
    Result<void> open_output(const std::string& format, const std::string& path);
    Result<void> flush();
    void tell_expired() const;
    void tell_stale() const;
    Result<void> write_baseline();

    const ScanSettings& settings_;
    std::vector<Output> outputs_;
    scan::Baseline baseline_;
    std::vector<scan::IgnoreList> ignore_;
    std::vector<scan::BaselineEntry> found_; // for --write-baseline
    std::string today_;
    std::string working_folder_;
    report::Summary summary_;
    std::vector<LastFinding> last_;
    std::string last_path_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

} // namespace stanch::cli
