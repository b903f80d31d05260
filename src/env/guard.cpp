#include "env/guard.h"

#include "env/env_files.h"
#include "env/guard_parts.h"
#include "os/directory.h"
#include "os/file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>

namespace stanch::env {
namespace {

// A wheel is one wherever it lies; an sdist only where packages are built.
bool is_package(const std::string& lower, const std::string& folder) {
    constexpr std::array<std::string_view, 3> folders{"dist", "wheelhouse", "sdist"};
    constexpr std::array<std::string_view, 6> ends{".tar.gz",  ".tgz",    ".zip",
                                                   ".tar.bz2", ".tar.xz", ".tar"};
    if (lower.ends_with(".whl")) return true;
    return std::ranges::find(folders, folder) != folders.end() &&
           std::ranges::any_of(ends, [&](std::string_view end) { return lower.ends_with(end); });
}

class Walk {
  public:
    explicit Walk(GuardFiles& files) : files_(files) {}

    void enter(const std::string& folder, int depth) {
        constexpr int deepest = 40;
        const auto entries = os::list_directory(joined_path(files_.root, folder));
        if (!entries || depth > deepest) return;
        for (const os::DirectoryEntry& entry : *entries) {
            const std::string path = joined_path(folder, entry.name);
            if (entry.kind == os::FileKind::directory)
                directory(path, entry.name, depth);
            else
                file(path, entry.name, folder);
        }
    }

  private:
    void directory(const std::string& path, const std::string& name, int depth) {
        const std::string whole = joined_path(files_.root, path);
        // A repository of its own, or an installed Python.
        if (is_foreign_folder(name) || os::exists(whole + "/.git") ||
            os::exists(whole + "/pyvenv.cfg"))
            return;
        enter(path, depth + 1);
    }

    void file(const std::string& path, const std::string& name, const std::string& folder) {
        const std::string lower = lower_case(name);
        if (is_env_file(name))
            files_.env.push_back(path);
        else if (is_env_example(name))
            files_.examples.push_back(path);
        else if (lower == "dockerfile" || lower == "containerfile" ||
                 lower.starts_with("dockerfile.") || lower.ends_with(".dockerfile")) {
            if (!lower.ends_with(".dockerignore")) files_.docker_files.push_back(path);
        } else if ((lower.starts_with("compose") || lower.starts_with("docker-compose")) &&
                   (lower.ends_with(".yml") || lower.ends_with(".yaml")))
            files_.compose_files.push_back(path);
        else if (name == "MANIFEST.in")
            files_.manifests.push_back(path);
        else if (is_package(lower, name_of(folder)))
            files_.archives.push_back(path);
        else if (lower.ends_with(".conf") || lower == ".htaccess" || lower == "caddyfile")
            files_.server_files.push_back(path);
        else if (lower == "index.html" || lower == "index.htm" || lower == "index.php")
            files_.index_pages.push_back(path);
    }

    GuardFiles& files_;
};

// ".local" of ".env.local", "-prod" of ".env-prod", "~" of an editor's copy; not of ".environment".
std::string_view after_env(std::string_view lower) {
    constexpr std::string_view separators = ".-_~";
    const bool more = lower.starts_with(".env") && lower.size() > 4 &&
                      separators.find(lower[4]) != std::string_view::npos;
    return more ? lower.substr(4) : std::string_view();
}

} // namespace

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

std::string joined_path(const std::string& folder, const std::string& name) {
    if (folder.empty()) return name;
    return name.empty() ? folder : folder + "/" + name;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool is_env_example(std::string_view name) {
    const std::string lower = lower_case(name);
    if (lower == "example.env" || lower == "sample.env" || lower == "template.env") return true;
    constexpr std::array<std::string_view, 11> words{"example", "sample", "template", "tmpl",
                                                     "tpl",     "dist",   "default",  "defaults",
                                                     "schema",  "vault",  "enc"};
    std::string_view rest = after_env(lower);
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::string_view word = rest.substr(0, rest.find_first_of(".-_~"));
        if (std::ranges::find(words, word) != words.end()) return true;
        rest.remove_prefix(word.size());
    }
    return false;
}

bool is_env_file(std::string_view name) {
    if (!name.starts_with('.')) return false;
    const std::string lower = lower_case(name);
    return (lower == ".env" || !after_env(lower).empty()) && !is_env_example(name);
}

std::string_view to_string(GuardRule rule) {
    constexpr std::array<std::string_view, 12> names{
        "not-ignored", "ignored-locally", "name-case",      "tracked", "history",  "mode",
        "owner",       "symlink",         "docker-context", "package", "web-root", "example-value"};
    return names[static_cast<std::size_t>(rule)];
}

GuardFiles find_guard_files(const std::string& root) {
    GuardFiles files;
    files.root = root;
    Walk(files).enter("", 0);
    return files;
}

Result<GuardReport> guard(const GuardOptions& options) {
    GuardReport report;
    const auto repository = git::Repository::discover(options.directory);
    const bool has_tree = repository && !repository->work_tree.empty();
    const GuardFiles files = find_guard_files(has_tree ? repository->work_tree : options.directory);
    if (has_tree) check_git(files, *repository, options.history, report);
    check_files(files, report);
    check_web(files, report);
    check_docker(files, report);
    check_packages(files, report);
    check_examples(files, report);
    std::erase_if(report.faults, [&](const GuardFault& fault) {
        return is_shared(options.shared, fault.path.substr(0, fault.path.find(':')));
    });
    std::ranges::sort(report.faults, [](const GuardFault& a, const GuardFault& b) {
        return std::tie(a.path, a.rule, a.message) < std::tie(b.path, b.rule, b.message);
    });
    return report;
}

} // namespace stanch::env
