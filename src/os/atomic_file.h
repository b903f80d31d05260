// A file that appears as a whole or not at all, written piece by piece: for reports too large to
// hold.
//
// Not thread-safe.
#pragma once

#include "core/result.h"
#include "os/file.h"

#include <string>
#include <string_view>
#include <sys/types.h>

namespace stanch::os {

class AtomicFile {
  public:
    // Creates a temporary file beside `path` (O_EXCL, `mode`). What is there already must be a
    // regular file.
    static Result<AtomicFile> create(const std::string& path, mode_t mode = 0600);

    AtomicFile(AtomicFile&&) noexcept = default;
    AtomicFile& operator=(AtomicFile&&) noexcept = delete;
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    // Without commit(), nothing of it stays.
    ~AtomicFile();

    Result<void> append(std::string_view bytes);
    // fsync, then rename over `path`.
    Result<void> commit();

  private:
    AtomicFile(Descriptor file, std::string path, std::string temporary)
        : file_(std::move(file)), path_(std::move(path)), temporary_(std::move(temporary)) {}

    Descriptor file_;
    std::string path_;
    std::string temporary_;
};

} // namespace stanch::os
