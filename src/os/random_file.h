// A file that is read at given places: packs, indexes, bodies too large to hold.
//
// Both classes are immutable after open() and may be used from any thread.
#pragma once

#include "core/result.h"
#include "os/file.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stanch::os {

// Reads by pread: no page of the file counts as this process's memory.
class RandomFile {
  public:
    // Regular files only.
    static Result<RandomFile> open(const std::string& path);

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    // As many bytes as there are from `offset` on, up to the span's size; fewer at the end of the
    // file.
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const;

  private:
    Descriptor file_;
    std::uint64_t size_ = 0;
    std::string path_;
};

// A whole file in the address space, for files that are replaced and never written in place (Git's
// index, pack indexes): one that another process truncates meanwhile would end this one with
// SIGBUS.
class MappedFile {
  public:
    static Result<MappedFile> open(const std::string& path);

    MappedFile() = default;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    [[nodiscard]] std::string_view bytes() const { return {data_, size_}; }

  private:
    char* data_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace stanch::os
