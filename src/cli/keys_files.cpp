#include "cli/keys_files.h"

#include "git/ignore.h"
#include "os/file.h"
#include "os/tree.h"

#include <algorithm>
#include <array>

namespace stanch::cli {
namespace {

constexpr std::size_t largest_file = std::size_t{8} << 20;
constexpr int deepest = 64;

bool never_entered(std::string_view name) {
    static constexpr std::array<std::string_view, 12> names{
        ".git", "node_modules",  "__pycache__", ".venv",         "venv", ".tox",
        ".nox", "site-packages", ".mypy_cache", ".pytest_cache", ".hg",  ".svn"};
    return std::ranges::find(names, name) != names.end();
}

bool is_env_file(std::string_view name) {
    return name == ".env" || name.starts_with(".env.") || name.ends_with(".env") ||
           name == ".envrc";
}

bool is_wanted(std::string_view name, Wanted wanted) {
    if (name.ends_with(".py")) return true;
    if (wanted == Wanted::python) return false;
    return is_env_file(name) || name.ends_with(".yml") || name.ends_with(".yaml") ||
           name.starts_with("Dockerfile") || name.ends_with(".Dockerfile") ||
           name.starts_with("Containerfile");
}

class Walk {
  public:
    Walk(ProjectFiles& out, Wanted wanted) : out_(out), wanted_(wanted) {}

    Result<void> start(const std::string& path) {
        auto top = os::Directory::open(path);
        if (!top) {
            if (!os::exists(path))
                return fail(ErrorKind::not_found, "there is no such file or folder", path);
            STANCH_TRY(auto file, os::InputFile::open(path));
            read(std::move(file), path);
            return {};
        }
        std::string shown = path;
        while (shown.size() > 1 && shown.ends_with('/'))
            shown.pop_back();
        enter(*top, shown == "." ? "" : shown + "/", "", {}, 0);
        return {};
    }

  private:
    void read(os::InputFile file, const std::string& path) {
        std::string text;
        text.resize(std::min<std::uint64_t>(file.size() + 1, largest_file));
        const auto got = file.read(text, path);
        if (!got || *got == largest_file) {
            out_.skipped.push_back(path + ": " + (got ? "larger than 8 MiB" : got.error().what));
            return;
        }
        text.resize(*got);
        out_.files.push_back({path, std::move(text)});
    }

    void enter(os::Directory& directory, const std::string& shown, const std::string& relative,
               git::IgnoreStack ignores, int depth) {
        os::Listing listing;
        for (bool more = true; more;) {
            const auto listed = directory.list(listing, 100'000, shown);
            if (!listed) {
                out_.skipped.push_back(shown + ": " + listed.error().what);
                break;
            }
            more = *listed;
        }
        listing.sort();
        for (std::size_t i = 0; i < listing.size(); ++i)
            if (listing.name(i) == ".gitignore") add_ignores(directory, shown, relative, ignores);
        for (std::size_t i = 0; i < listing.size(); ++i) {
            const std::string name(listing.name(i));
            os::NodeKind kind = listing.kind(i);
            if (kind == os::NodeKind::unknown) kind = directory.kind_of(name);
            if (kind == os::NodeKind::directory) {
                if (depth >= deepest || never_entered(name) ||
                    ignores.ignores(relative + name, true))
                    continue;
                auto below = directory.enter(name, shown + name);
                if (below)
                    enter(*below, shown + name + "/", relative + name + "/", ignores, depth + 1);
                else
                    out_.skipped.push_back(shown + name + ": " + below.error().what);
            } else if (kind == os::NodeKind::file && is_wanted(name, wanted_)) {
                if (!is_env_file(name) && ignores.ignores(relative + name, false)) continue;
                auto file = os::InputFile::open_in(directory, name, shown + name);
                if (file)
                    read(std::move(*file), shown + name);
                else
                    out_.skipped.push_back(shown + name + ": " + file.error().what);
            }
        }
    }

    static void add_ignores(os::Directory& directory, const std::string& shown,
                            const std::string& relative, git::IgnoreStack& ignores) {
        auto file = os::InputFile::open_in(directory, ".gitignore", shown + ".gitignore");
        if (!file) return;
        std::string text(std::min<std::uint64_t>(file->size() + 1, largest_file), '\0');
        const auto got = file->read(text, shown);
        if (!got) return;
        text.resize(*got);
        std::string base = relative;
        if (base.ends_with('/')) base.pop_back();
        ignores = ignores.with(std::make_shared<const git::IgnoreFile>(text, base, false));
    }

    ProjectFiles& out_;
    Wanted wanted_;
};

} // namespace

Result<ProjectFiles> read_project(const std::vector<std::string>& paths, Wanted wanted) {
    ProjectFiles project;
    const std::vector<std::string> here{"."};
    for (const std::string& path : paths.empty() ? here : paths)
        STANCH_CHECK(Walk(project, wanted).start(path));
    std::ranges::sort(project.files, {}, &ProjectFile::path);
    const auto same = std::ranges::unique(project.files, {}, &ProjectFile::path);
    project.files.erase(same.begin(), same.end());
    return project;
}

} // namespace stanch::cli
