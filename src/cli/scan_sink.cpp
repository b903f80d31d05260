#include "cli/scan_sink.h"

#include "cli/baseline_file.h"
#include "cli/say.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/harden.h"

#include <filesystem>

namespace stanch::cli {
namespace {

constexpr std::size_t most_misses = 1000; // that reports list; every one is told
constexpr std::size_t most_kept = 1000;   // that `stanch allow` knows by their first digits

report::Options report_options(const ScanSettings& settings) {
    report::Options options;
    options.reveal = settings.reveal;
    options.colour = settings.output.empty() && colour(Stream::out);
    options.version = STANCH_VERSION;
    options.rows = settings.rows;
    return options;
}

// As lists know a path: relative to the project.
std::string project_path(const std::string& shown, const std::string& project,
                         const std::string& working_folder) {
    namespace fs = std::filesystem;
    const std::string whole = (fs::path(working_folder) / shown).lexically_normal().string();
    const std::string prefix = project == "/" ? project : project + "/";
    return whole.starts_with(prefix) ? whole.substr(prefix.size()) : shown;
}

std::unexpected<Error> unwritten() {
    return fail(ErrorKind::incomplete, "the report could not be written to standard output", {},
                "what came out is a part: its reader has gone, or the disk is full");
}

} // namespace

ScanSink::ScanSink(const ScanSettings& settings) : settings_(settings), today_(today()) {
    working_folder_ = os::real_path(".").value_or("");
}

Result<std::unique_ptr<ScanSink>> ScanSink::open(const ScanSettings& settings) {
    os::ignore_broken_pipes(); // a reader that goes is told of, like a full disk
    std::unique_ptr<ScanSink> sink(new ScanSink(settings));
    STANCH_CHECK(sink->read_lists());
    STANCH_CHECK(sink->open_output(settings.format, settings.output));
    for (const FurtherReport& report : settings.further)
        STANCH_CHECK(sink->open_output(report.format, report.output));
    return sink;
}

Result<void> ScanSink::open_output(const std::string& format, const std::string& path) {
    Output output;
    STANCH_TRY(output.writer, report::make_writer(format, report_options(settings_)));
    if (!path.empty()) {
        STANCH_TRY(os::AtomicFile file, os::AtomicFile::create(path));
        output.file.emplace(std::move(file));
    }
    output.writer->begin(output.text);
    outputs_.push_back(std::move(output));
    return {};
}

Result<void> ScanSink::read_lists() {
    if (!settings_.baseline.empty()) {
        STANCH_TRY(const std::string text, os::read_file(settings_.baseline));
        STANCH_TRY(baseline_, scan::Baseline::parse(text, settings_.baseline));
    }
    if (!settings_.ignore_files) return {};
    for (const char* name : {".stanchignore", ".gitleaksignore"}) {
        const std::string path = settings_.project + "/" + name;
        if (!os::exists(path)) continue;
        STANCH_TRY(const std::string text, os::read_file(path));
        STANCH_TRY(scan::IgnoreList list, scan::IgnoreList::parse(text, path));
        ignore_.push_back(std::move(list));
    }
    return {};
}

// On one screen not all of them have room.
std::uint64_t ScanSink::shown_misses() const {
    constexpr std::uint64_t few = 3;
    return settings_.rows == 0 ? ~std::uint64_t{0} : few;
}

void ScanSink::note(const scan::Note& note) {
    const bool missed = note.kind == scan::Note::Kind::incomplete;
    ++(missed ? summary_.missed : summary_.skipped);
    if (!missed && !settings_.verbose) return;
    if (summary_.missed <= shown_misses()) {
        tell((missed ? "stanch: " : "left out: ") + report::printable(note.path) + ": " +
             report::printable(note.why));
        if (missed && !note.hint.empty()) tell("  " + note.hint);
    }
    if (!missed) return;
    if (summary_.misses.size() < most_misses)
        summary_.misses.push_back({note.path, note.why, note.hint});
}

bool ScanSink::hidden(Finding& finding) {
    if (ignore_.empty() && settings_.baseline.empty()) return false;
    std::string shown = finding.path;
    if (!finding.provenance) finding.path = project_path(shown, settings_.project, working_folder_);
    bool ignored = false;
    for (scan::IgnoreList& list : ignore_)
        ignored = list.covers(finding) || ignored;
    const bool known = baseline_.covers(finding, today_);
    finding.path = std::move(shown);
    if (ignored)
        ++summary_.ignored;
    else if (known)
        ++summary_.baseline;
    return ignored || known;
}

void ScanSink::count(const Finding& finding) {
    ++summary_.findings;
    if (finding.confidence == Confidence::high)
        ++summary_.high;
    else if (finding.confidence == Confidence::medium)
        ++summary_.medium;
    else
        ++summary_.low;
    if (finding.path != last_path_) ++summary_.paths;
    last_path_ = finding.path;
}

Result<void> ScanSink::report_findings(std::vector<Finding>& findings) {
    for (std::size_t begin = 0; begin < findings.size();) {
        std::size_t end = begin;
        while (end < findings.size() && findings[end].path == findings[begin].path)
            count(findings[end++]);
        if (settings_.write_baseline.empty())
            for (Output& output : outputs_)
                output.writer->add(std::span(findings).subspan(begin, end - begin), output.text);
        begin = end;
        STANCH_CHECK(flush());
    }
    return {};
}

Result<void> ScanSink::take(scan::Outcome outcome) {
    summary_.contents += outcome.counts.contents;
    summary_.bytes += outcome.counts.bytes;
    summary_.allowed += outcome.counts.allowed;
    for (const scan::Note& one : outcome.notes)
        note(one);
    if (!settings_.write_baseline.empty())
        for (const Finding& finding : outcome.findings)
            found_.push_back({finding.fingerprint, finding.rule,
                              finding.provenance
                                  ? finding.path
                                  : project_path(finding.path, settings_.project, working_folder_),
                              "", "", ""});
    std::erase_if(outcome.findings, [&](Finding& finding) {
        return finding.confidence < settings_.least || hidden(finding);
    });
    for (const Finding& finding : outcome.findings)
        if (last_.size() < most_kept)
            last_.push_back({finding.fingerprint, finding.rule, finding.path});
    return report_findings(outcome.findings);
}

Result<void> ScanSink::flush() {
    for (Output& output : outputs_) {
        if (output.file) {
            STANCH_CHECK(output.file->append(output.text));
        } else if (!answer(output.text)) {
            return unwritten();
        }
        output.text.clear();
    }
    return {};
}

void ScanSink::tell_stale() const {
    const auto say = [&](const std::string& line) { tell("stanch: " + line); };
    for (const scan::BaselineEntry& entry : baseline_.unused())
        say("stale baseline entry, its leak is gone: " + entry.fingerprint.hex() + " " +
            entry.rule + " " + entry.path);
    if (const std::size_t n = baseline_.unused_foreign(); n != 0)
        say(report::counted(n, "entry", "entries") + " of " + settings_.baseline +
            " met nothing: stale");
    for (const scan::IgnoreList& list : ignore_)
        for (const std::string& where : list.unused())
            say(where + ": stale, it met nothing");
}

// What was found, with what people said of it before.
Result<void> ScanSink::write_baseline() {
    scan::Baseline before;
    if (os::exists(settings_.write_baseline)) {
        STANCH_TRY(const std::string text, os::read_file(settings_.write_baseline));
        STANCH_TRY(before, scan::Baseline::parse(text, settings_.write_baseline));
    }
    scan::Baseline now;
    for (scan::BaselineEntry& entry : found_) {
        if (const scan::BaselineEntry* said = before.find(entry.fingerprint)) {
            entry.reason = said->reason;
            entry.owner = said->owner;
            entry.expires = said->expires;
        }
        if (now.find(entry.fingerprint) == nullptr) now.put(std::move(entry));
    }
    STANCH_CHECK(os::write_file(settings_.write_baseline, now.to_text(), 0644));
    tell("wrote " + report::counted(now.entries().size(), "entry", "entries") + " to " +
         settings_.write_baseline);
    return {};
}

void ScanSink::tell_expired() const {
    const auto expired = baseline_.expired(today_);
    const std::size_t shown =
        settings_.rows == 0 ? expired.size() : std::min<std::size_t>(2, expired.size());
    for (std::size_t i = 0; i < shown; ++i)
        tell("stanch: baseline entry ended on " + expired[i].expires + ": " +
             expired[i].fingerprint.hex() + " " + expired[i].rule);
    if (expired.size() > shown)
        tell("stanch: and " + report::number_text(expired.size() - shown) + " more entries ended");
}

Result<int> ScanSink::finish(bool whole) {
    summary_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    tell_expired();
    if (summary_.missed > shown_misses())
        tell("stanch: and " + report::number_text(summary_.missed - shown_misses()) +
             " more that could not be looked at");
    if (whole && summary_.missed == 0) tell_stale();
    const int missed = summary_.missed != 0 ? exit_incomplete : exit_clean;
    if (!settings_.write_baseline.empty()) {
        STANCH_CHECK(write_baseline());
        return missed;
    }
    if (!settings_.git_dir.empty()) keep_last_findings(settings_.git_dir, last_);
    for (Output& output : outputs_)
        output.writer->end(summary_, output.text);
    STANCH_CHECK(flush());
    if (!answered()) return unwritten();
    for (Output& output : outputs_)
        if (output.file) STANCH_CHECK(output.file->commit());
    if (missed != exit_clean) return missed;
    return summary_.findings != 0 ? exit_found : exit_clean;
}

} // namespace stanch::cli
