// Wheels and sdists: built ones, and what MANIFEST.in and pyproject.toml would put into the next.
#include "env/dockerignore.h"
#include "env/guard_parts.h"

#include "core/config.h"
#include "os/archive_names.h"
#include "os/file.h"

#include <algorithm>

namespace stanch::env {
namespace {

void add(GuardReport& report, const std::string& path, std::string message, std::string remedy,
         bool rotate) {
    report.faults.push_back(
        {GuardRule::package, path, std::move(message), std::move(remedy), false, rotate, {}});
}

void check_archives(const GuardFiles& files, GuardReport& report) {
    for (const std::string& path : files.archives) {
        const auto names = os::archive_names(joined_path(files.root, path));
        if (!names) {
            report.incomplete.push_back(path + ": " + names.error().what);
            continue;
        }
        for (const std::string& name : *names)
            if (is_env_file(name_of(name)))
                add(report, path, "holds " + name,
                    "delete it, exclude the file from the build; rotate what it holds if it was "
                    "published",
                    true);
    }
}

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t begin = line.find_first_not_of(" \t\r,", at);
        if (begin == std::string_view::npos) break;
        const std::size_t end = std::min(line.find_first_of(" \t\r,", begin), line.size());
        words.emplace_back(line.substr(begin, end - begin));
        at = end;
    }
    return words;
}

bool matches(const std::string& pattern, const std::string& path) {
    return DockerIgnore(pattern).excludes(path);
}

// One command of MANIFEST.in on one file: changes whether it goes in.
void apply(const std::vector<std::string>& words, const std::string& path, bool& included) {
    const std::string& command = words[0];
    const auto any = [&](std::size_t from, const std::string& prefix) {
        return std::any_of(
            words.begin() + static_cast<std::ptrdiff_t>(from), words.end(),
            [&](const std::string& pattern) { return matches(prefix + pattern, path); });
    };
    const bool by_folder = words.size() > 1;
    const std::string folder =
        by_folder && words[1] != "." && words[1] != "*" ? words[1] + "/" : "";
    if (command == "include" && any(1, "")) included = true;
    if (command == "exclude" && any(1, "")) included = false;
    if (command == "global-include" && any(1, "**/")) included = true;
    if (command == "global-exclude" && any(1, "**/")) included = false;
    if (command == "recursive-include" && by_folder && any(2, folder + "**/")) included = true;
    if (command == "recursive-exclude" && by_folder && any(2, folder + "**/")) included = false;
    if (command == "graft" && by_folder && path.starts_with(folder)) included = true;
    if (command == "prune" && by_folder && path.starts_with(folder)) included = false;
}

void check_manifest(const GuardFiles& files, const std::string& manifest, GuardReport& report) {
    const auto text = os::read_file(joined_path(files.root, manifest), std::uint64_t{1} << 22);
    if (!text) return;
    const std::string below = folder_of(manifest).empty() ? "" : folder_of(manifest) + "/";
    for (const std::string& path : files.env) {
        if (!path.starts_with(below)) continue;
        bool included = false;
        for (std::size_t at = 0; at < text->size();) {
            const std::size_t end = std::min(text->find('\n', at), text->size());
            const std::vector<std::string> words =
                words_of(std::string_view(*text).substr(at, end - at));
            at = end + 1;
            if (!words.empty() && words[0][0] != '#')
                apply(words, path.substr(below.size()), included);
        }
        if (included)
            add(report, path, "goes into the sdist by " + manifest,
                "add 'global-exclude .env*' at the end of " + manifest, false);
    }
}

// What pyproject.toml names by pattern. A pattern that only matches by "everything" counts for the
// folder it is for.
void check_patterns(const GuardFiles& files, const std::vector<std::string>& patterns,
                    const std::string& folder, std::string_view where, GuardReport& report) {
    for (const std::string& path : files.env)
        for (const std::string& pattern : patterns)
            if (matches(folder + pattern, path)) {
                add(report, path,
                    "goes into the package by " + std::string(where) + " of pyproject.toml",
                    "exclude .env* there, or move the file out of the package", false);
                break;
            }
}

// Files that go in under another name.
void check_forced(const GuardFiles& files, ConfigTable forced, GuardReport& report) {
    for (const std::string& path : files.env)
        if (forced.string(path))
            add(report, path, "goes into the package by force-include of pyproject.toml",
                "take it out there", false);
}

// A setup.py or setup.cfg behind whose package_data or data_files a .env file is named, as a quoted
// word or (setup.cfg) a bare one.
void check_setup(const GuardFiles& files, const std::string& setup, GuardReport& report) {
    const auto text = os::read_file(joined_path(files.root, setup), std::uint64_t{1} << 22);
    if (!text) return;
    const std::size_t from = std::min(text->find("package_data"), text->find("data_files"));
    if (from == std::string::npos) return;
    constexpr std::string_view ends = "\"'= \t\r\n,[](){}";
    for (const std::string& path : files.env) {
        bool named = false;
        for (std::size_t at = from; at < text->size() && !named;) {
            const std::size_t begin = std::min(text->find_first_not_of(ends, at), text->size());
            at = std::min(text->find_first_of(ends, begin), text->size());
            const std::string word = text->substr(begin, at - begin);
            named = word == path ||
                    (word.find(".env") != std::string::npos && matches("**/" + word, path));
        }
        if (named)
            add(report, path, "goes into the package by " + setup,
                "take it out of package_data and data_files", false);
    }
}

void check_pyproject(const GuardFiles& files, GuardReport& report) {
    const auto text =
        os::read_file(joined_path(files.root, "pyproject.toml"), std::uint64_t{1} << 22);
    if (!text) return;
    auto config = Config::parse(*text, "pyproject.toml");
    if (!config) return;
    ConfigTable tool = config->root({"tool"});
    ConfigTable hatch = tool.table("hatch").table("build");
    check_patterns(files, hatch.strings("include"), "", "[tool.hatch.build] include", report);
    check_patterns(files, hatch.strings("artifacts"), "", "[tool.hatch.build] artifacts", report);
    check_forced(files, hatch.table("force-include"), report);
    ConfigTable targets = hatch.table("targets");
    for (auto& [name, target] : targets.named_tables()) {
        check_patterns(files, target.strings("include"), "",
                       "[tool.hatch.build.targets." + name + "] include", report);
        check_patterns(files, target.strings("artifacts"), "",
                       "[tool.hatch.build.targets." + name + "] artifacts", report);
        check_forced(files, target.table("force-include"), report);
    }
    ConfigTable poetry = tool.table("poetry");
    std::vector<std::string> included = poetry.strings("include");
    for (ConfigTable& one : poetry.tables("include"))
        included.push_back(one.string("path").value_or(""));
    check_patterns(files, included, "", "[tool.poetry] include", report);
    ConfigTable pdm = tool.table("pdm").table("build");
    for (const char* key : {"includes", "source-includes"})
        check_patterns(files, pdm.strings(key), "", "[tool.pdm.build] " + std::string(key), report);
    check_patterns(files, tool.table("uv").table("build-backend").strings("source-include"), "",
                   "[tool.uv.build-backend] source-include", report);
    check_patterns(files, tool.table("flit").table("sdist").strings("include"), "",
                   "[tool.flit.sdist] include", report);
    ConfigTable data = tool.table("setuptools").table("package-data");
    for (const std::string& path : files.env)
        for (std::string folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
            std::string package = folder.starts_with("src/") ? folder.substr(4) : folder;
            std::ranges::replace(package, '/', '.');
            std::vector<std::string> patterns = data.strings(package);
            for (const std::string& pattern : data.strings("*"))
                patterns.push_back(pattern);
            check_patterns(files, patterns, folder + "/", "[tool.setuptools.package-data]", report);
        }
}

} // namespace

void check_packages(const GuardFiles& files, GuardReport& report) {
    check_archives(files, report);
    for (const std::string& manifest : files.manifests)
        check_manifest(files, manifest, report);
    check_pyproject(files, report);
    for (const char* setup : {"setup.py", "setup.cfg"})
        check_setup(files, setup, report);
}

} // namespace stanch::env
