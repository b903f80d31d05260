#include "cli/progress_bar.h"
#include "cli/say.h"
#include "cli/scan_git.h"
#include "cli/scan_options.h"
#include "cli/scan_sink.h"
#include "cli/verbs.h"
#include "os/directory.h"
#include "os/tree.h"
#include "scan/slack.h"

#include <algorithm>
#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--format", 'f', "FORMAT",
         "human (default), jsonl, json, sarif, csv, junit, gitlab or gitleaks"},
    Flag{"--output", 'o', "FILE", "write the report to a file, in one step, readable by you alone"},
    Flag{"--reveal", 0, "", "show secrets in full (they are redacted otherwise)"},
    Flag{"--all-files", 'a', "", "look at files that Git ignores, too"},
    Flag{"--exclude", 'x', "PATTERN",
         "leave out what matches, as in .gitignore; relative to the project", true},
    Flag{"--stdin", 0, "", "look at standard input"},
    Flag{"--slack-export", 0, "FILE",
         "look at the messages, edits, files' previews and canvases of a Slack export (.zip)"},
    Flag{"--staged", 0, "", "look at what the next commit would add: the index, not the work tree"},
    Flag{"--history", 0, "", "look at every object of the repository, whoever reaches it"},
    Flag{"--range", 0, "A..B", "look at exactly what the commits add that B has and A has not"},
    Flag{"--since", 0, "DATE", "look at what commits added since then: 2026-11-24, '2 weeks ago'"},
    Flag{"--no-cache", 0, "", "look at all of the history again, not only at what is new in it"},
    Flag{"--threads", 'j', "N", "how many threads (default: one a processor)"},
    Flag{"--baseline", 'b', "FILE",
         "findings to keep: ours, or a report of gitleaks, detect-secrets, kingfisher, trufflehog"},
    Flag{"--write-baseline", 0, "FILE",
         "write what is found as a baseline, instead of reporting it"},
    Flag{"--rules", 0, "FILE", "use these rules (gitleaks' TOML) instead of the built-in ones"},
    Flag{"--config", 'c', "FILE", "read this configuration instead of searching for one"},
    Flag{"--no-allow", 0, "", "report what comments allow"},
    Flag{"--no-ignore", 0, "", "do not read .stanchignore and .gitleaksignore"},
    Flag{"--no-baseline", 0, "", "do not read a baseline"},
    Flag{"--verbose", 'v', "", "name every file that is left out, and why"},
};

constexpr std::string_view text =
    R"(Looks for credentials in folders and files; without a path, in this folder. In a Git work tree it looks at
tracked files and at untracked ones that are not ignored, outside of Git at everything. Archives, images, notebooks,
SQLite databases and UTF-16 text are looked into; symbolic links are not followed.

--staged, --history, --range and --since look at Git's objects instead, which no configuration and no attribute
changes. With --history, the refs, reflogs, configuration and LFS bodies in the .git folder are looked at too, and
with --all-files the whole work tree. An address (https://…, ssh://…, user@host:path) is cloned into a private
temporary folder, its history looked at, and the folder removed. Objects that are missing (a shallow or partial clone)
or damaged are named, and the exit code is 3.

--slack-export looks at what was pasted into Slack: who, when and in which channel stands beside each finding, and the
way out: share a new one through the vault, revoke the old one.

A finding is kept on purpose with a comment on its line (stanch:allow REASON, gitleaks:allow, pragma: allowlist secret),
with its id in .stanchignore or .gitleaksignore, or with a baseline (.stanch-baseline at the project's root is read by
itself). Settings stand in [scan] of stanch.toml or in [tool.stanch.scan] of pyproject.toml.

Exit code 0: nothing found; 1: something found; 2: called wrongly; 3: something could not be looked at, whether or not
anything was found in the rest.)";

using Sources = std::vector<std::unique_ptr<scan::Source>>;

Result<Sources> choose_sources(const Arguments& arguments, const std::vector<std::string>& paths,
                               const ScanSettings& settings) {
    Sources sources;
    if (arguments.has("--stdin")) sources.push_back(scan::input_source());
    if (const auto file = arguments.value("--slack-export")) {
        STANCH_TRY(std::unique_ptr<scan::Source> source, scan::slack_source(*file));
        sources.push_back(std::move(source));
    }
    for (const std::string& path : paths) {
        STANCH_TRY(std::unique_ptr<scan::Source> source, scan::path_source(path, settings.tree));
        sources.push_back(std::move(source));
    }
    return sources;
}

Result<int> scan_sources(const Sources& sources, const ScanSettings& settings, bool whole) {
    STANCH_TRY(const scan::Engine engine, scan_engine(settings));
    STANCH_TRY(const std::unique_ptr<ScanSink> sink, ScanSink::open(settings));
    std::vector<scan::Source*> list;
    for (const auto& source : sources)
        list.push_back(source.get());
    scan::Progress progress;
    scan::ScanOptions options = settings.scan;
    options.progress = &progress;
    os::raise_open_file_limit();
    {
        const ProgressBar bar(progress);
        STANCH_CHECK(scan::run_scan(engine, list, *sink, options));
    }
    return sink->finish(whole);
}

Result<int> run(const Arguments& arguments) {
    std::vector<std::string> paths = arguments.positional();
    if (asks_for_git(arguments)) {
        const bool local = !paths.empty() && os::is_directory(paths.front());
        STANCH_TRY(const ScanSettings settings,
                   scan_settings(arguments, local ? paths.front() : "."));
        return scan_git(arguments, settings);
    }
    if (paths.empty() && !arguments.has("--stdin") && !arguments.has("--slack-export"))
        paths.emplace_back(".");
    STANCH_TRY(const ScanSettings settings,
               scan_settings(arguments, paths.empty() ? "." : paths.front()));
    STANCH_TRY(const Sources sources, choose_sources(arguments, paths, settings));
    const bool whole = std::ranges::any_of(paths, [&](const std::string& path) {
        const auto real = os::real_path(path);
        return real && *real == settings.project;
    });
    return scan_sources(sources, settings, whole);
}

} // namespace

const Verb scan_verb{
    .name = "scan",
    .summary = "find credentials in files",
    .usage = "[PATH…]",
    .text = text,
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
