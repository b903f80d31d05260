#include "scan/tree.h"

#include "os/directory.h"
#include "os/tree.h"
#include "scan/file_stream.h"
#include "scan/scope.h"

#include <optional>
#include <utility>

namespace stanch::scan {
namespace {

constexpr std::size_t listing_part = 65536; // names of one folder that are in memory at a time
constexpr std::size_t batch_files = 64;     // of one task
constexpr std::size_t batch_folders = 16;   // that one task keeps open
constexpr std::size_t deepest = 400;        // folders inside each other: each is kept open

// An open folder, by its three names; each is empty or ends with '/'.
struct Folder {
    os::Directory directory;
    std::string shown;   // as the user would type it
    std::string project; // relative to the project
    std::string tree;    // relative to the innermost work tree
};

struct Item {
    std::shared_ptr<const Folder> folder;
    std::string name;
    os::NodeKind kind = os::NodeKind::file;
};

void look_at_file(Worker& worker, const Place& place, os::InputFile file, Outcome& outcome) {
    FileStream stream(std::move(file), place.shown);
    worker.look_at(place, stream, outcome);
    stream.tell(outcome);
}

void look_at_link(Worker& worker, const Place& place, const Item& item, Outcome& outcome) {
    const auto target = item.folder->directory.read_link(item.name, place.shown);
    if (!target) return outcome.miss(target.error());
    worker.look_at(place, *target, outcome);
    if (item.folder->directory.link_loops(item.name))
        return outcome.miss(place.shown, "a symbolic link that leads back to itself");
    outcome.skip(place.shown, "a symbolic link, not followed (its target's name was looked at)");
}

class FilesTask : public Task {
  public:
    void run(Worker& worker, Outcome& outcome) override {
        outcome.notes = std::move(notes);
        for (const Item& item : items) {
            const Place place{item.folder->project + item.name, item.folder->shown + item.name};
            if (item.kind == os::NodeKind::link) {
                look_at_link(worker, place, item, outcome);
                continue;
            }
            auto file = os::InputFile::open_in(item.folder->directory, item.name, place.shown);
            if (file)
                look_at_file(worker, place, std::move(*file), outcome);
            else
                outcome.miss(file.error());
        }
    }

    void miss(Note note) { notes.push_back(std::move(note)); }

    std::vector<Item> items;
    std::vector<Note> notes;
};

// How the walk goes on below a folder.
struct Rules {
    std::shared_ptr<Scope> scope; // of the innermost work tree; nullptr outside of Git
    git::IgnoreStack ignores;
    bool tracked_only = false; // inside an ignored folder: only what is tracked all the same
    bool everything = false;   // ignored files count too
};

struct Frame {
    std::shared_ptr<Folder> folder;
    Rules rules;
    os::Listing listing;
    std::size_t at = 0;
    bool more = true;
};

class Walk : public Source {
  public:
    Walk(Folder top, Rules rules, const TreeOptions& options)
        : everything_(options.all_files), exclude_(exclude_list(options.exclude)) {
        first_ = std::make_shared<Folder>(std::move(top));
        first_rules_ = std::move(rules);
    }

    Result<std::unique_ptr<Task>> next() override {
        task_ = std::make_unique<FilesTask>();
        folders_ = 0;
        if (first_ != nullptr) enter(std::exchange(first_, nullptr), std::move(first_rules_), 0);
        while (!frames_.empty() && task_->items.size() + task_->notes.size() < batch_files &&
               folders_ < batch_folders)
            step();
        if (task_->items.empty() && task_->notes.empty() && frames_.empty()) return nullptr;
        return std::unique_ptr<Task>(std::move(task_));
    }

  private:
    static git::IgnoreFile exclude_list(const std::vector<std::string>& patterns) {
        std::string text;
        for (const std::string& pattern : patterns)
            text += pattern + "\n";
        return {text, "", false};
    }

    void skip(std::string path, std::string why) {
        task_->notes.push_back({Note::Kind::skipped, std::move(path), std::move(why), {}});
    }
    void miss(std::string path, std::string why, std::string hint = {}) {
        task_->notes.push_back(
            {Note::Kind::incomplete, std::move(path), std::move(why), std::move(hint)});
    }
    void miss(const Error& error) { miss(error.where, error.what, error.hint); }

    void step() {
        Frame& frame = frames_.back();
        if (frame.at == frame.listing.size()) {
            if (frame.more) return list(frame);
            frames_.pop_back();
            return;
        }
        const std::size_t at = frame.at++;
        entry(frame, std::string(frame.listing.name(at)), frame.listing.kind(at));
    }

    void list(Frame& frame) {
        frame.listing.clear();
        frame.at = 0;
        const auto more =
            frame.folder->directory.list(frame.listing, listing_part, frame.folder->shown);
        frame.more = more && *more;
        if (!more) miss(more.error());
        frame.listing.sort();
        ++folders_;
    }

    void enter(std::shared_ptr<Folder> folder, Rules rules, std::uint64_t parent_device) {
        if (frames_.size() >= deepest)
            return miss(folder->shown, "more than " + std::to_string(deepest) + " folders deep",
                        "scan it by itself");
        if (folder->directory.device() != parent_device &&
            folder->directory.is_kernel_file_system())
            return miss(folder->shown, "a file system that the kernel makes up, not looked at");
        Frame& frame = frames_.emplace_back(std::move(folder), std::move(rules));
        list(frame);
        adopt(frame);
    }

    // What the folder itself says: a repository of its own, a list of ignored files.
    void adopt(Frame& frame) {
        Rules& rules = frame.rules;
        Folder& folder = *frame.folder;
        if (frames_.size() > 1 && has(frame, ".git")) {
            if (auto scope = Scope::around(folder.shown)) {
                rules = {scope, scope->base(), false, rules.everything};
                folder.tree.clear();
            }
        }
        if (rules.scope == nullptr || rules.everything || !has(frame, ".gitignore")) return;
        if (auto file = read_ignores(folder, rules.scope->fold_case()))
            rules.ignores = rules.ignores.with(std::move(file));
    }

    static bool has(const Frame& frame, std::string_view name) {
        if (frame.more)
            return frame.folder->directory.kind_of(std::string(name)) != os::NodeKind::unknown;
        for (std::size_t i = 0; i < frame.listing.size(); ++i)
            if (frame.listing.name(i) == name) return true;
        return false;
    }

    std::shared_ptr<const git::IgnoreFile> read_ignores(const Folder& folder, bool fold_case) {
        const std::string shown = folder.shown + ".gitignore";
        auto file = os::InputFile::open_in(folder.directory, ".gitignore", shown);
        auto text = file ? os::read_all(file->descriptor()) : std::unexpected(file.error());
        if (!text) {
            miss(shown, text.error().what);
            return nullptr;
        }
        return std::make_shared<const git::IgnoreFile>(
            *text, folder.tree.substr(0, folder.tree.empty() ? 0 : folder.tree.size() - 1),
            fold_case);
    }

    void entry(const Frame& frame, std::string name, os::NodeKind kind) {
        const bool directory = kind == os::NodeKind::directory;
        const Folder& folder = *frame.folder;
        std::string shown = folder.shown + name + (directory ? "/" : "");
        if (name == ".git" && !everything_) return skip(shown, "Git's own");
        if (directory && name == "objects" && folder.project.ends_with(".git/"))
            return skip(shown, "Git's object store (--history looks at it)");
        if (exclude_.verdict(folder.project + name, directory) == git::IgnoreVerdict::ignored)
            return skip(shown, "excluded");
        Rules rules = frame.rules;
        if (!wanted(rules, folder.tree + name, directory))
            return skip(shown, "ignored by Git (--all-files takes it)");
        if (directory) return descend(frame, name, std::move(shown), std::move(rules));
        if (kind != os::NodeKind::file && kind != os::NodeKind::link)
            return miss(std::move(shown), std::string(os::to_string(kind)) + ", not a file");
        task_->items.push_back({frame.folder, std::move(name), kind});
    }

    // Changes the rules to those of the folder, where one is.
    bool wanted(Rules& rules, const std::string& path, bool directory) {
        if (rules.scope == nullptr || rules.everything) return true;
        if (!rules.tracked_only && !rules.ignores.ignores(path, directory)) return true;
        const bool tracked =
            directory ? rules.scope->tracks_below(path + "/") : rules.scope->tracks(path);
        rules.tracked_only = directory;
        if (auto error = rules.scope->take_error()) miss(*error);
        return tracked;
    }

    void descend(const Frame& frame, const std::string& name, std::string shown, Rules rules) {
        const Folder& folder = *frame.folder;
        auto directory = folder.directory.enter(name, shown);
        if (!directory) return miss(directory.error());
        const std::uint64_t device = folder.directory.device();
        auto inner =
            std::make_shared<Folder>(std::move(*directory), std::move(shown),
                                     folder.project + name + "/", folder.tree + name + "/");
        enter(std::move(inner), std::move(rules), device);
    }

    bool everything_;
    git::IgnoreFile exclude_;
    std::shared_ptr<Folder> first_;
    Rules first_rules_;
    std::vector<Frame> frames_;
    std::unique_ptr<FilesTask> task_;
    std::size_t folders_ = 0;
};

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
void adopt_above(Rules& rules, const std::string& tree) {
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
    Rules rules;
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
    return std::make_unique<Walk>(std::move(top), std::move(rules), options);
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
