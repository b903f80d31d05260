#include "scan/git_directory.h"

#include "os/directory.h"
#include "os/file.h"
#include "os/random_file.h"

#include <algorithm>
#include <array>

namespace stanch::scan {
namespace {

// Read as what they are elsewhere, or binary tables of ids.
constexpr std::array<std::string_view, 6> not_texts{"objects", "index",    "packed-refs",
                                                    "refs",    "rr-cache", "fsmonitor--daemon"};

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

class Walker {
  public:
    // Directories that are looked at as repositories of their own are left out.
    Walker(Worker& worker, Outcome& outcome, std::vector<std::string> apart)
        : worker_(worker), outcome_(outcome), apart_(std::move(apart)) {}

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
            if (entry.kind == os::FileKind::directory)
                directory(inner, inner_shown, is_repository(inner));
            else if (entry.kind == os::FileKind::regular)
                file(inner, inner_shown);
        }
    }

  private:
    // A worktree's git directory: it has index and refs of its own.
    static bool is_repository(const std::string& path) { return os::exists(path + "/HEAD"); }

    void file(const std::string& path, const std::string& shown) {
        const auto opened = os::RandomFile::open(path);
        if (!opened) {
            outcome_.miss(shown, opened.error().what, opened.error().hint);
            return;
        }
        FileBytes bytes(*opened);
        worker_.look_at(Place{shown, shown}, bytes, outcome_);
    }

    Worker& worker_;
    Outcome& outcome_;
    std::vector<std::string> apart_;
};

} // namespace

void scan_git_directory(const git::Repository& repository, const git::Refs& refs, Worker& worker,
                        Outcome& outcome) {
    Walker(worker, outcome, repository.submodule_git_dirs())
        .directory(repository.common_dir, ".git", true);
    std::string names;
    for (const git::Ref& ref : refs.refs)
        names += ref.name + "\n";
    worker.look_at(Place{".git/refs", ".git/refs"}, names, outcome);
}

} // namespace stanch::scan
