// Files, whole: read with a bound, written atomically and private.
//
// Errors name the path and the system's reason, never content. Thread-safe.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace stanch::os {

// An open file descriptor, closed when it goes out of scope.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }
    int release();

  private:
    int fd_ = -1;
};

// A regular file's content. Refuses what is not a regular file (a FIFO would hang), and more than
// `limit` bytes (ErrorKind::incomplete).
Result<std::string> read_file(const std::string& path,
                              std::uint64_t limit = std::uint64_t{1} << 30);

// The same into locked memory; where a buffer was needed, it is wiped.
Result<Secret> read_secret_file(const std::string& path,
                                std::uint64_t limit = std::uint64_t{1} << 24);

// Everything that comes out of a descriptor until its end.
Result<std::string> read_all(int fd, std::uint64_t limit = std::uint64_t{1} << 30);

// Replaces `path` in one step: a temporary file beside it (O_EXCL, `mode`), written, fsync'ed,
// renamed over it. After a failure or a crash the old file is whole; the temporary one is removed.
Result<void> write_file(const std::string& path, std::string_view content, mode_t mode = 0600);
// The same without waiting for the disk: for what may be lost when the machine crashes.
Result<void> write_note(const std::string& path, std::string_view content, mode_t mode = 0600);

// mkdir -p; the directories that are made get `mode`.
Result<void> make_directories(const std::string& path, mode_t mode = 0700);

bool exists(const std::string& path);
// A link to nowhere is there too.
bool is_occupied(const std::string& path);
// Links followed.
bool is_regular_file(const std::string& path);
// A file that this user may run.
bool is_executable(const std::string& path);

// Replaces `to` where it exists; its directory is synced: the order of renames survives a crash.
Result<void> rename_file(const std::string& from, const std::string& to);
// An absent file is no error.
Result<void> remove_file(const std::string& path);

// $XDG_CACHE_HOME/stanch, $XDG_CONFIG_HOME/stanch, $XDG_DATA_HOME/stanch with the defaults of the
// XDG Base Directory Specification. Not created. Error where neither the variable nor HOME is set.
Result<std::string> cache_directory();
Result<std::string> config_directory();
Result<std::string> data_directory();

// "cannot open: Permission denied" and so on, from errno.
Error system_error(std::string_view doing, const std::string& where, int error_number);

} // namespace stanch::os
