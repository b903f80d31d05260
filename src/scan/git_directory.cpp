#include "scan/git_directory.h"

#include "os/directory.h"
#include "os/file.h"
#include "os/random_file.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace stanch::scan {
namespace {

// Read as what they are elsewhere, or binary tables of ids.
constexpr std::array<std::string_view, 5> not_texts{"objects", "index", "packed-refs", "refs",
                                                    "fsmonitor--daemon"};
// Folders that may be another repository's (git-new-workdir): followed where they lead.
constexpr std::array<std::string_view, 7> shared_folders{"hooks", "info",     "lfs",    "logs",
                                                         "refs",  "rr-cache", "remotes"};

class FileBytes : public ByteStream {
  public:
    explicit FileBytes(const os::RandomFile& file) : file_(file) {}
    Result<std::size_t> read(std::span<char> buffer) override {
        STANCH_TRY(const std::size_t got, file_.read_at(at_, buffer));
        at_ += got;
        return got;
    }

  private:
    const os::RandomFile& file_;
    std::uint64_t at_ = 0;
};

// What refs are called is said once; names of other files (reflogs of refs that are gone, say) are
// looked at like theirs.
class Names {
  public:
    explicit Names(const git::Refs& refs) {
        for (const git::Ref& ref : refs.refs)
            add(ref.name);
        for (const std::string& target : refs.targets)
            add(target);
    }

    void add(std::string_view path) {
        text_ += path;
        text_ += '\n';
        for (std::size_t end = path.find('/'); end != std::string_view::npos;
             end = path.find('/')) {
            known_.emplace(path.substr(0, end));
            path.remove_prefix(end + 1);
        }
        known_.emplace(path);
    }
    void add_part(const std::string& name) {
        if (known_.insert(name).second) text_ += name + '\n';
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
    std::unordered_set<std::string> known_; // parts of paths
};

class Walker {
  public:
    // Directories that are looked at as repositories of their own are left out.
    Walker(Worker& worker, Outcome& outcome, Names& names, std::vector<std::string> apart)
        : worker_(worker), outcome_(outcome), names_(names), apart_(std::move(apart)) {}

    void directory(const std::string& path, const std::string& shown, bool top) {
        const auto entries = os::list_directory(path);
        if (!entries) {
            outcome_.miss(shown, entries.error().what, entries.error().hint);
            return;
        }
        for (const os::DirectoryEntry& entry : *entries) {
            if (top && std::ranges::find(not_texts, entry.name) != not_texts.end()) continue;
            if (top && entry.name.starts_with("sharedindex.")) continue;
            const std::string inner = path + "/" + entry.name;
            const std::string inner_shown = shown + "/" + entry.name;
            if (std::ranges::find(apart_, inner) != apart_.end()) continue;
            names_.add_part(entry.name);
            if (is_folder(entry, inner))
                directory(inner, inner_shown, is_repository(inner));
            else if (entry.kind == os::FileKind::regular ||
                     (entry.kind == os::FileKind::symlink && os::is_regular_file(inner)))
                file(inner, inner_shown);
        }
    }

    // objects/info: where more objects are, by paths and addresses.
    void object_lists(const std::string& path) {
        const auto entries = os::list_directory(path);
        if (!entries) return outcome_.miss(entries.error());
        for (const os::DirectoryEntry& entry : *entries)
            if (entry.kind == os::FileKind::regular && !entry.name.starts_with("commit-graph") &&
                entry.name != "packs")
                file(path + "/" + entry.name, ".git/objects/info/" + entry.name);
    }

    // refs: what an interrupted update left is no ref, but a text that may stay for years.
    void locks(const std::string& path, const std::string& shown) {
        const auto entries = os::list_directory(path);
        if (!entries) return; // told by who reads the refs
        for (const os::DirectoryEntry& entry : *entries) {
            const std::string inner = path + "/" + entry.name;
            const std::string inner_shown = shown + "/" + entry.name;
            if (entry.kind == os::FileKind::directory)
                locks(inner, inner_shown);
            else if (entry.kind == os::FileKind::regular && entry.name.ends_with(".lock"))
                file(inner, inner_shown);
        }
    }

    void file(const std::string& path, const std::string& shown) {
        const auto opened = os::RandomFile::open(path);
        if (!opened) {
            outcome_.miss(shown, opened.error().what, opened.error().hint);
            return;
        }
        FileBytes bytes(*opened);
        worker_.look_at(Place{shown, shown}, bytes, outcome_);
    }

  private:
    // A worktree's git directory: it has index and refs of its own.
    static bool is_repository(const std::string& path) { return os::exists(path + "/commondir"); }

    static bool is_folder(const os::DirectoryEntry& entry, const std::string& path) {
        if (entry.kind == os::FileKind::directory) return true;
        return entry.kind == os::FileKind::symlink && os::is_directory(path) &&
               std::ranges::find(shared_folders, entry.name) != shared_folders.end();
    }

    Worker& worker_;
    Outcome& outcome_;
    Names& names_;
    std::vector<std::string> apart_;
};

} // namespace

void scan_git_directory(const git::Repository& repository, const git::Refs& refs,
                        const std::vector<std::string>& left_over, Worker& worker,
                        Outcome& outcome) {
    Names names(refs);
    Walker walker(worker, outcome, names, repository.submodule_git_dirs());
    walker.directory(repository.common_dir, ".git", true);
    if (const std::string info = repository.common_dir + "/objects/info"; os::is_directory(info))
        walker.object_lists(info);
    if (const std::string refs_folder = repository.common_dir + "/refs";
        os::is_directory(refs_folder))
        walker.locks(refs_folder, ".git/refs");
    for (const std::string& path : left_over)
        walker.file(path, path.starts_with(repository.common_dir + "/")
                              ? ".git" + path.substr(repository.common_dir.size())
                              : path);
    worker.look_at(Place{".git/refs", ".git/refs"}, names.text(), outcome);
}

} // namespace stanch::scan
