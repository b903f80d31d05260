// Directories and files that live for a while: private, and gone when their owner is. Thread-safe.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace stanch::os {

// A new directory below $TMPDIR (or `parent`), 0700; removed with everything in it when this dies.
class TemporaryDirectory {
  public:
    static Result<TemporaryDirectory> make(const std::string& parent = {});
    TemporaryDirectory(TemporaryDirectory&& other) noexcept;
    TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory();

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

// A new file with this content, fsync'ed. An existing one is an error of kind `refused`: that is
// how Git's lock files work.
Result<void> create_file(const std::string& path, std::string_view content, unsigned mode = 0600);

} // namespace stanch::os
