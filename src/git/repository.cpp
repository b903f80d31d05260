#include "git/repository.h"

#include "git/config_file.h"
#include "git/quoted.h"
#include "os/directory.h"
#include "os/file.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace stanch::git {
namespace {

constexpr std::uint64_t small_file = std::uint64_t{16} << 20;
constexpr int alternates_depth = 64; // Git stops at 5; what is there is looked at

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

std::string first_line(std::string text) {
    text.resize(std::min(text.size(), text.find('\n')));
    while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text;
}

std::string joined(const std::string& directory, const std::string& path) {
    return path.starts_with('/') ? path : directory + "/" + path;
}

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

// "gitdir: PATH", as submodules and linked worktrees have it.
Result<std::string> follow_git_file(const std::string& file) {
    STANCH_TRY(std::string line, os::read_file(file, small_file));
    line = first_line(std::move(line));
    if (!line.starts_with("gitdir: "))
        return fail(ErrorKind::invalid, "a .git file that names no directory", file);
    std::string directory = joined(parent_of(file), line.substr(8));
    if (!is_git_dir(directory))
        return fail(ErrorKind::not_found, "the .git file names a directory that is no repository",
                    file, "run 'git worktree repair' or 'git submodule update --init'");
    return directory;
}

Result<std::string> common_dir_of(const std::string& git_dir) {
    const std::string file = git_dir + "/commondir";
    if (!os::exists(file)) return git_dir;
    STANCH_TRY(std::string line, os::read_file(file, small_file));
    return os::real_path(joined(git_dir, first_line(std::move(line))));
}

std::vector<std::string> split(std::string_view list, char separator) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(separator), list.size());
        if (end > 0) out.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

class ObjectDirectories {
  public:
    explicit ObjectDirectories(Repository& repository) : repository_(repository) {}

    // The directory, then those that its info/alternates names, relative to it.
    Result<void> add(const std::string& directory, int depth) {
        const auto real = os::real_path(directory);
        if (!real) {
            repository_.missing_alternates.push_back(directory);
            return {};
        }
        auto& all = repository_.object_directories;
        if (std::ranges::find(all, *real) != all.end()) return {};
        all.push_back(*real);
        return depth < alternates_depth ? add_alternates(*real, depth) : Result<void>{};
    }

  private:
    Result<void> add_alternates(const std::string& directory, int depth) {
        const std::string file = directory + "/info/alternates";
        if (!os::exists(file)) return {};
        STANCH_TRY(const std::string text, os::read_file(file, small_file));
        for (const std::string& line : split(text, '\n'))
            if (!line.starts_with('#')) {
                STANCH_CHECK(add(joined(directory, unquoted(line)), depth + 1));
            }
        return {};
    }

    Repository& repository_;
};

// The settings that decide a repository's layout: config, then config.worktree where the extension
// asks for it.
struct Layout {
    ConfigFile shared;
    ConfigFile own;

    [[nodiscard]] std::optional<std::string_view> value(std::string_view key) const {
        const auto from_own = own.value(key);
        return from_own ? from_own : shared.value(key);
    }
    [[nodiscard]] std::optional<bool> boolean(std::string_view key) const {
        const auto from_own = own.boolean(key);
        return from_own ? from_own : shared.boolean(key);
    }
};

Result<ConfigFile> read_config(const std::string& path) {
    if (!os::exists(path)) return ConfigFile();
    STANCH_TRY(const std::string text, os::read_file(path, small_file));
    return ConfigFile::parse(text, path);
}

Result<Layout> read_layout(const Repository& repository) {
    Layout layout;
    STANCH_TRY(layout.shared, read_config(repository.common_dir + "/config"));
    if (!layout.shared.boolean("extensions.worktreeconfig").value_or(false)) return layout;
    STANCH_TRY(layout.own, read_config(repository.git_dir + "/config.worktree"));
    return layout;
}

// What is not known may change where things are: Git refuses such repositories, too.
constexpr std::array<std::string_view, 10> known_extensions{
    "noop",         "noop-v1",    "preciousobjects",   "partialclone",        "worktreeconfig",
    "objectformat", "refstorage", "relativeworktrees", "submodulepathconfig", "compatobjectformat"};

Result<void> check_version(const Layout& layout, const std::string& where) {
    const std::string_view version = layout.value("core.repositoryformatversion").value_or("0");
    if (version == "0") return {};
    const std::string hint = "look for a newer stanch";
    if (version != "1")
        return fail(ErrorKind::incomplete,
                    "a repository format that is not known: version " + std::string(version), where,
                    hint);
    constexpr std::string_view section = "extensions.";
    for (const auto& setting : layout.shared.settings())
        if (setting.key.starts_with(section) &&
            std::ranges::find(known_extensions, setting.key.substr(section.size())) ==
                known_extensions.end())
            return fail(ErrorKind::incomplete,
                        "a repository extension that is not known: " + setting.key, where, hint);
    return {};
}

Result<void> apply_format(const Layout& layout, Repository& repository) {
    const std::string where = repository.common_dir + "/config";
    STANCH_CHECK(check_version(layout, where));
    const std::string_view format = layout.value("extensions.objectformat").value_or("sha1");
    if (format == "sha256")
        repository.format = ObjectFormat::sha256;
    else if (format != "sha1")
        return fail(ErrorKind::incomplete, "an object format that is not known", where);
    const std::string_view refs = layout.value("extensions.refstorage").value_or("files");
    if (refs == "reftable")
        repository.refs = RefStorage::reftable;
    else if (refs != "files")
        return fail(ErrorKind::incomplete, "a ref storage that is not known", where);
    repository.promisor = layout.value("extensions.partialclone").has_value();
    for (const auto& setting : layout.shared.settings())
        if (setting.key.starts_with("remote.") && setting.key.ends_with(".promisor"))
            repository.promisor = true;
    return {};
}

// Which work tree belongs to this git dir, by the order of git(1): GIT_WORK_TREE, core.worktree,
// the linked worktree's own file, the directory that holds .git.
Result<void> apply_work_tree(const Layout& layout, const Environment& environment,
                             Repository& repository) {
    const std::string& git_dir = repository.git_dir;
    std::string found;
    if (!environment.work_tree.empty())
        found = environment.work_tree;
    else if (const auto set = layout.value("core.worktree"); set && !set->empty())
        found = joined(git_dir, std::string(*set));
    else if (git_dir != repository.common_dir) {
        auto file = os::read_file(git_dir + "/gitdir", small_file);
        if (file) found = parent_of(joined(git_dir, first_line(std::move(*file))));
    } else if (git_dir.ends_with("/.git") && !layout.boolean("core.bare").value_or(false)) {
        found = parent_of(git_dir);
    }
    if (found.empty() || !os::is_directory(found)) return {};
    STANCH_TRY(repository.work_tree, os::real_path(found));
    return {};
}

Result<void> apply_objects(const Environment& environment, Repository& repository) {
    ObjectDirectories directories(repository);
    const std::string& quarantine = environment.object_directory;
    const std::string own = repository.common_dir + "/objects";
    STANCH_CHECK(directories.add(quarantine.empty() ? own : quarantine, 0));
    for (const std::string& alternate : environment.alternate_object_directories) {
        STANCH_CHECK(directories.add(unquoted(alternate), 0));
    }
    if (repository.object_directories.empty())
        return fail(ErrorKind::incomplete, "the repository has no object store", own);
    return {};
}

// A repository's own index need not exist; another one that is named should.
Result<void> apply_index(const Environment& environment, Repository& repository) {
    repository.index_file = repository.git_dir + "/index";
    const std::string& named = environment.index_file;
    if (named.empty()) return {};
    repository.index_file = named;
    const auto folder = os::real_path(named.contains('/') ? parent_of(named) : ".");
    if (os::exists(named) || (folder && *folder + "/index" == repository.git_dir + "/index"))
        return {};
    return fail(ErrorKind::incomplete, "GIT_INDEX_FILE names a file that is not there", named,
                "unset it");
}

// Names of submodules may have several parts.
void find_stores(const std::string& directory, std::vector<std::string>& found) {
    if (os::exists(directory + "/objects") &&
        (os::exists(directory + "/HEAD") || os::exists(directory + "/config"))) {
        found.push_back(directory);
        return;
    }
    if (!os::exists(directory)) return;
    const auto entries = os::list_directory(directory);
    if (!entries) return; // whoever looks at the files there tells it
    for (const os::DirectoryEntry& entry : *entries)
        if (entry.kind == os::FileKind::directory) find_stores(directory + "/" + entry.name, found);
}

// A repository that has lost what it is known by: it must not lead to one around it.
std::optional<Error> remains_of_repository(const std::string& directory) {
    const auto has = [&](const char* name) { return os::exists(directory + "/" + name); };
    if (!os::is_directory(directory) || !has("objects") || (!has("refs") && !has("HEAD")))
        return std::nullopt;
    return Error{ErrorKind::incomplete, "a damaged repository: its HEAD or its refs are missing",
                 directory, "run 'git init' there, then 'git fsck'"};
}

} // namespace

Environment Environment::of_process() {
    Environment environment;
    environment.git_dir = variable("GIT_DIR");
    environment.work_tree = variable("GIT_WORK_TREE");
    environment.common_dir = variable("GIT_COMMON_DIR");
    environment.index_file = variable("GIT_INDEX_FILE");
    environment.object_directory = variable("GIT_OBJECT_DIRECTORY");
    environment.alternate_object_directories =
        split(variable("GIT_ALTERNATE_OBJECT_DIRECTORIES"), ':');
    return environment;
}

bool is_git_dir(const std::string& path) {
    if (!os::exists(path + "/HEAD")) return false;
    if (os::exists(path + "/commondir")) return true;
    return os::is_directory(path + "/objects") && os::exists(path + "/refs");
}

Result<Repository> Repository::open(const std::string& git_dir, const Environment& environment) {
    Repository repository;
    STANCH_TRY(repository.git_dir, os::real_path(git_dir));
    STANCH_TRY(repository.common_dir, environment.common_dir.empty()
                                          ? common_dir_of(repository.git_dir)
                                          : os::real_path(environment.common_dir));
    if (!is_git_dir(repository.git_dir))
        return fail(ErrorKind::not_found, "not a Git repository", git_dir);
    STANCH_TRY(const Layout layout, read_layout(repository));
    STANCH_CHECK(apply_format(layout, repository));
    STANCH_CHECK(apply_work_tree(layout, environment, repository));
    STANCH_CHECK(apply_objects(environment, repository));
    STANCH_CHECK(apply_index(environment, repository));
    repository.shallow = os::exists(repository.common_dir + "/shallow");
    return repository;
}

Result<Repository> Repository::discover(const std::string& path, const Environment& environment) {
    if (!environment.git_dir.empty()) return open(environment.git_dir, environment);
    STANCH_TRY(std::string directory, os::real_path(path));
    if (!os::is_directory(directory)) directory = parent_of(directory);
    for (;; directory = parent_of(directory)) {
        const std::string dot_git = joined(directory, ".git");
        if (is_git_dir(dot_git)) return open(dot_git, environment);
        if (os::exists(dot_git) && !os::is_directory(dot_git)) {
            STANCH_TRY(const std::string target, follow_git_file(dot_git));
            return open(target, environment);
        }
        if (is_git_dir(directory)) return open(directory, environment);
        for (const std::string& remains : {dot_git, directory})
            if (auto error = remains_of_repository(remains)) return std::unexpected(*error);
        if (directory == "/") break;
    }
    return fail(ErrorKind::not_found, "not in a Git repository", path,
                "name a repository, or run 'git init'");
}

std::vector<std::string> Repository::submodule_git_dirs() const {
    std::vector<std::string> found;
    for (const std::string& of_worktree : worktree_git_dirs())
        find_stores(of_worktree + "/modules", found);
    return found;
}

std::vector<std::string> Repository::worktree_git_dirs() const {
    std::vector<std::string> all{common_dir};
    if (const auto linked = os::list_directory(common_dir + "/worktrees"))
        for (const os::DirectoryEntry& entry : *linked)
            if (entry.kind == os::FileKind::directory)
                all.push_back(common_dir + "/worktrees/" + entry.name);
    return all;
}

} // namespace stanch::git
