#include "os/file_status.h"

#include "os/file.h"

#include <array>
#include <cerrno>
#include <climits>
#include <sys/stat.h>
#include <unistd.h>

namespace stanch::os {

std::optional<FileStatus> file_status(const std::string& path) {
    struct stat info{};
    if (lstat(path.c_str(), &info) != 0) return std::nullopt;
    FileStatus status{static_cast<unsigned>(info.st_mode) & 07777U,
                      info.st_uid,
                      S_ISREG(info.st_mode),
                      S_ISLNK(info.st_mode),
                      {}};
    if (status.symlink) {
        std::array<char, PATH_MAX> target{};
        const ssize_t size = readlink(path.c_str(), target.data(), target.size());
        if (size > 0) status.target.assign(target.data(), static_cast<std::size_t>(size));
    }
    return status;
}

bool is_ours(const FileStatus& status) {
    return status.owner == geteuid();
}

Result<void> change_mode(const std::string& path, unsigned mode) {
    if (chmod(path.c_str(), static_cast<mode_t>(mode)) == 0) return {};
    return std::unexpected(system_error("cannot change the mode", path, errno));
}

} // namespace stanch::os
