// A change: what stands between two trees, cut into hunks as `git diff -U0 --no-renames` cuts them.
//
// Lines are numbered from 1, as in a diff's "@@ -old_start,old_lines +new_start,new_lines @@":
// where a side has no lines, its start is the line before. A file whose change has no lines (binary
// content, a mode, an empty file) has one hunk of four zeros, so that every part of a change
// belongs to exactly one hunk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::commits {

struct Hunk {
    std::uint32_t file = 0; // index into Change::files
    std::uint32_t old_start = 0;
    std::uint32_t old_lines = 0;
    std::uint32_t new_start = 0;
    std::uint32_t new_lines = 0;

    [[nodiscard]] bool whole_file() const { return old_lines == 0 && new_lines == 0; }
    friend bool operator==(const Hunk&, const Hunk&) = default;
};

// A text and where its lines begin. The last line may lack its newline.
class Lines {
  public:
    Lines() = default;
    explicit Lines(std::string text);

    [[nodiscard]] std::size_t count() const { return starts_.size(); }
    // Line 1 to count(), its newline included.
    [[nodiscard]] std::string_view line(std::size_t number) const;
    // `count` lines from `first`, cut to what there is.
    [[nodiscard]] std::string_view lines(std::size_t first, std::size_t count) const;
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
    std::vector<std::size_t> starts_;
};

// One side of a file: mode 0 where the file is not there.
struct Side {
    std::uint32_t mode = 0; // Git's: 0100644, 0100755, 0120000 (link), 0160000 (submodule)
    std::string id;         // object id in hexadecimal
    Lines content;          // empty where the file is binary or too large to look at

    [[nodiscard]] bool exists() const { return mode != 0; }
};

struct FileChange {
    std::string path; // bytes as Git has them, '/' separated
    Side old_side;
    Side new_side;
    bool binary = false;              // no lines: the hunk is the whole file
    bool submodule = false;           // the hunk is its commit's id
    std::vector<std::uint32_t> hunks; // indices into Change::hunks, in the order of their lines
};

struct Change {
    std::string base;              // the old tree's id
    std::string target;            // the new tree's id
    std::vector<FileChange> files; // in the order of their paths
    std::vector<Hunk> hunks;       // file by file

    [[nodiscard]] const FileChange& file_of(std::size_t hunk) const {
        return files[hunks[hunk].file];
    }
    [[nodiscard]] std::string_view removed(const Hunk& hunk) const;
    [[nodiscard]] std::string_view added(const Hunk& hunk) const;
};

} // namespace stanch::commits
