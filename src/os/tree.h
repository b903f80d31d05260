// Walking a tree and reading its files, for one who looks at millions of them: directories are
// opened relative to each other (no path is resolved twice), names come in one block, files cost
// three system calls.
//
// Nothing here follows a symbolic link, and nothing blocks: a FIFO or a device is told by its kind
// before it is read. Distinct objects may be used from any thread.
#pragma once

#include "core/result.h"
#include "os/file.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::os {

enum class NodeKind : std::uint8_t { file, directory, link, fifo, socket, device, unknown };

// "a FIFO", "a socket", …
std::string_view to_string(NodeKind kind);

// Names of a directory, packed: an entry costs its name and a few bytes.
class Listing {
  public:
    struct Entry {
        std::uint32_t offset = 0;
        std::uint16_t size = 0;
        NodeKind kind = NodeKind::unknown;
    };

    void clear();
    void add(std::string_view name, NodeKind kind);
    // By name, a directory as if its name ended with '/': the order of whole paths, as Git sorts
    // them.
    void sort();

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::string_view name(std::size_t i) const {
        return std::string_view(names_).substr(entries_[i].offset, entries_[i].size);
    }
    [[nodiscard]] NodeKind kind(std::size_t i) const { return entries_[i].kind; }

  private:
    std::string names_;
    std::vector<Entry> entries_;
};

class Directory {
  public:
    // A symbolic link is followed here, since somebody named it.
    static Result<Directory> open(const std::string& path);
    // A directory in this one; errors name `shown`.
    [[nodiscard]] Result<Directory> enter(const std::string& name, const std::string& shown) const;

    // Appends entries until about `limit` names are there. False at the end of the directory. A
    // large directory is read in several such parts, each of which fits into memory.
    Result<bool> list(Listing& listing, std::size_t limit, const std::string& shown);

    // When a directory below this one (a path relative to it, the last part no link) got or lost a
    // name, in nanoseconds since 1970; nullopt where there is no directory.
    [[nodiscard]] std::optional<std::int64_t> changed(const std::string& path) const;
    // What a name stands for, where the listing could not tell.
    [[nodiscard]] NodeKind kind_of(const std::string& name) const;
    // Where a link points to.
    [[nodiscard]] Result<std::string> read_link(const std::string& name,
                                                const std::string& shown) const;
    // Whether following the link never ends (ELOOP).
    [[nodiscard]] bool link_loops(const std::string& name) const;

    // The file system it is on.
    [[nodiscard]] std::uint64_t device() const { return device_; }
    // One that the kernel makes up (/proc, /sys and their like): its files have no end, or do
    // something when read.
    [[nodiscard]] bool is_kernel_file_system() const;
    [[nodiscard]] int descriptor() const { return fd_.get(); }

  private:
    Descriptor fd_;
    std::uint64_t device_ = 0;
};

// A file that is read once, from its beginning.
class InputFile {
  public:
    // O_NOFOLLOW: a link that took the file's place meanwhile is an error.
    static Result<InputFile> open_in(const Directory& directory, const std::string& name,
                                     const std::string& shown);
    // Follows links, since somebody named it. Refuses what is not a regular file, and kernel file
    // systems.
    static Result<InputFile> open(const std::string& path);
    // Standard input.
    static InputFile standard_input();

    // Reads until the buffer is full or the file ends: fewer bytes than the buffer holds mean the
    // end.
    Result<std::size_t> read(std::span<char> buffer, const std::string& shown);
    // The same from a given place of a regular file; the place of read() stays where it is.
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer,
                                              const std::string& shown) const;
    // What the file system says its size is now; 0 where it is no regular file.
    [[nodiscard]] std::uint64_t size() const;
    [[nodiscard]] int descriptor() const { return fd_.get(); }

  private:
    Descriptor fd_;
    bool regular_ = true;
};

// Lifts the soft limit of open files to the hard one.
void raise_open_file_limit();

} // namespace stanch::os
