#include "scan/tree.h"

#include "os/directory.h"
#include "os/file.h"
#include "scan/file_stream.h"
#include "scan/walk.h"

#include <optional>
#include <utility>

namespace stanch::scan {
namespace {

// `path` relative to `base`, both absolute and real; empty for the base itself, nullopt outside of
// it.
std::optional<std::string> below(const std::string& path, const std::string& base) {
    if (path == base) return "";
    const std::string prefix = base == "/" ? base : base + "/";
    if (!path.starts_with(prefix)) return std::nullopt;
    return path.substr(prefix.size());
}

// The lists of the folders above `tree`, from the root of the work tree on. Where one of these
// folders is ignored itself, the user named it all the same: everything in it counts.
void adopt_above(WalkRules& rules, const std::string& tree) {
    const Scope& scope = *rules.scope;
    rules.ignores = scope.base();
    for (std::size_t at = 0; at < tree.size();) {
        const std::string folder = tree.substr(0, at == 0 ? 0 : at - 1);
        const std::string list =
            scope.repository().work_tree + "/" + tree.substr(0, at) + ".gitignore";
        if (os::exists(list))
            if (const auto text = os::read_file(list))
                rules.ignores = rules.ignores.with(
                    std::make_shared<const git::IgnoreFile>(*text, folder, scope.fold_case()));
        const std::size_t slash = tree.find('/', at);
        if (rules.ignores.ignores(tree.substr(0, slash), true)) rules.everything = true;
        at = slash + 1;
    }
}

// "" for ".", "a/" for "a" and "a/", "/" for "/".
std::string shown_folder(const std::string& path) {
    std::string shown = path;
    while (shown.starts_with("./"))
        shown.erase(0, shown.find_first_not_of('/', 1));
    if (shown == "." || shown.empty()) return "";
    return shown.ends_with('/') ? shown : shown + "/";
}

// Where `path` stands in the project, with a '/' at its end; empty for the project itself, and
// outside of it.
std::string project_path(const std::string& path, const std::string& project) {
    if (project.empty()) return "";
    const auto root = os::real_path(project);
    const auto inner = root ? below(path, *root) : std::nullopt;
    return inner && !inner->empty() ? *inner + "/" : "";
}

Result<std::unique_ptr<Source>> folder_source(const std::string& path, const TreeOptions& options) {
    STANCH_TRY(os::Directory directory, os::Directory::open(path));
    STANCH_TRY(const std::string real, os::real_path(path));
    Folder top{std::move(directory), shown_folder(path), project_path(real, options.project), ""};
    WalkRules rules;
    rules.everything = options.all_files;
    rules.scope = Scope::around(path);
    if (rules.scope != nullptr) {
        const auto root = os::real_path(rules.scope->repository().work_tree);
        const auto inner = root ? below(real, *root) : std::nullopt;
        if (!inner)
            rules.scope = nullptr; // inside of .git, say
        else if (!inner->empty())
            top.tree = *inner + "/";
    }
    if (rules.scope != nullptr) adopt_above(rules, top.tree);
    return walk_source(std::move(top), std::move(rules), options);
}

class OneFileTask : public Task {
  public:
    explicit OneFileTask(Place place) : place_(std::move(place)) {}
    void run(Worker& worker, Outcome& outcome) override {
        auto file = os::InputFile::open(place_.shown);
        if (file)
            look_at_file(worker, place_, std::move(*file), outcome);
        else
            outcome.miss(file.error());
    }

  private:
    Place place_;
};

class InputTask : public Task {
  public:
    explicit InputTask(std::string name) : name_(std::move(name)) {}
    void run(Worker& worker, Outcome& outcome) override {
        FileStream stream(os::InputFile::standard_input(), name_);
        stream.is_a_pipe();
        worker.look_at({name_, name_}, stream, outcome);
    }

  private:
    std::string name_;
};

// A source of one task.
class Single : public Source {
  public:
    explicit Single(std::unique_ptr<Task> task) : task_(std::move(task)) {}
    Result<std::unique_ptr<Task>> next() override { return std::move(task_); }

  private:
    std::unique_ptr<Task> task_;
};

class SkippedTask : public Task {
  public:
    explicit SkippedTask(std::string path) : path_(std::move(path)) {}
    void run(Worker& /*worker*/, Outcome& outcome) override { outcome.skip(path_, "excluded"); }

  private:
    std::string path_;
};

std::unique_ptr<Source> file_source(const std::string& path, const TreeOptions& options) {
    const std::size_t slash = path.rfind('/');
    const auto folder = os::real_path(slash == std::string::npos ? "." : path.substr(0, slash + 1));
    const std::string name = path.substr(slash + 1);
    std::string project = (folder ? project_path(*folder, options.project) : "") + name;
    std::string patterns;
    for (const std::string& pattern : options.exclude)
        patterns += pattern + "\n";
    const git::IgnoreStack exclude =
        git::IgnoreStack().with(std::make_shared<const git::IgnoreFile>(patterns, "", false));
    // A pattern that names a folder holds for what is below it.
    for (std::size_t at = project.find('/');; at = project.find('/', at + 1)) {
        if (exclude.ignores(project.substr(0, at), at != std::string::npos))
            return std::make_unique<Single>(std::make_unique<SkippedTask>(path));
        if (at == std::string::npos) break;
    }
    return std::make_unique<Single>(std::make_unique<OneFileTask>(Place{std::move(project), path}));
}

} // namespace

Result<std::unique_ptr<Source>> path_source(const std::string& path, const TreeOptions& options) {
    if (os::is_directory(path)) return folder_source(path, options);
    if (auto real = os::real_path(path); !real) {
        if (real.error().kind == ErrorKind::not_found)
            real.error().what = "there is no such file or folder";
        return std::unexpected(real.error());
    }
    return file_source(path, options);
}

std::unique_ptr<Source> input_source(std::string name) {
    return std::make_unique<Single>(std::make_unique<InputTask>(std::move(name)));
}

} // namespace stanch::scan