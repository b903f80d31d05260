#include "scan/walk.h"

#include "scan/file_stream.h"

#include <utility>
#include <vector>

namespace stanch::scan {
namespace {

constexpr std::size_t listing_part = 65536; // names of one folder that are in memory at a time
constexpr std::size_t batch_files = 64;     // of one task
constexpr std::size_t batch_folders = 16;   // that one task keeps open
constexpr std::size_t deepest = 400;        // folders inside each other: each is kept open

struct Item {
    std::shared_ptr<const Folder> folder;
    std::string name;
    os::NodeKind kind = os::NodeKind::file;
};

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

struct Frame {
    std::shared_ptr<Folder> folder;
    WalkRules rules;
    os::Listing listing;
    std::size_t at = 0;
    bool more = true;
};

class Walk : public Source {
  public:
    Walk(Folder top, WalkRules rules, const TreeOptions& options)
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

    void enter(std::shared_ptr<Folder> folder, WalkRules rules, std::uint64_t parent_device) {
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
        WalkRules& rules = frame.rules;
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
        // Of a repository further inside, packs and loose objects are read as files.
        if (directory && name == "objects" && folder.project == ".git/")
            return skip(shown, "Git's object store (--history looks at it)");
        if (exclude_.verdict(folder.project + name, directory) == git::IgnoreVerdict::ignored)
            return skip(shown, "excluded");
        WalkRules rules = frame.rules;
        if (!wanted(rules, folder.tree + name, directory))
            return skip(shown, "ignored by Git (--all-files takes it)");
        if (directory) return descend(frame, name, std::move(shown), std::move(rules));
        if (kind != os::NodeKind::file && kind != os::NodeKind::link)
            return miss(std::move(shown), std::string(os::to_string(kind)) + ", not a file");
        task_->items.push_back({frame.folder, std::move(name), kind});
    }

    // Changes the rules to those of the folder, where one is.
    bool wanted(WalkRules& rules, const std::string& path, bool directory) {
        if (rules.scope == nullptr || rules.everything) return true;
        if (!rules.tracked_only && !rules.ignores.ignores(path, directory)) return true;
        const bool tracked =
            directory ? rules.scope->tracks_below(path + "/") : rules.scope->tracks(path);
        rules.tracked_only = directory;
        if (auto error = rules.scope->take_error()) miss(*error);
        return tracked;
    }

    void descend(const Frame& frame, const std::string& name, std::string shown, WalkRules rules) {
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
    WalkRules first_rules_;
    std::vector<Frame> frames_;
    std::unique_ptr<FilesTask> task_;
    std::size_t folders_ = 0;
};

} // namespace

void look_at_file(Worker& worker, const Place& place, os::InputFile file, Outcome& outcome) {
    FileStream stream(std::move(file), place.shown);
    worker.look_at(place, stream, outcome);
    stream.tell(outcome);
}

std::unique_ptr<Source> walk_source(Folder top, WalkRules rules, const TreeOptions& options) {
    return std::make_unique<Walk>(std::move(top), std::move(rules), options);
}

} // namespace stanch::scan
