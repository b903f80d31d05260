#include "os/atomic_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stanch::os {

Result<AtomicFile> AtomicFile::create(const std::string& path, mode_t mode) {
    // A rename would put a file in the place of a device or a pipe.
    struct stat there{};
    if (stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode))
        return fail(ErrorKind::usage, "not a regular file", path, "name a file to write");
    std::string temporary = path + ".stanch-XXXXXX";
    Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
    if (!file) return std::unexpected(system_error("cannot create a file beside it", path, errno));
    const bool allowed = fchmod(file.get(), mode) == 0;
    const int reason = errno;
    AtomicFile result(std::move(file), path, std::move(temporary));
    if (!allowed) return std::unexpected(system_error("cannot chmod", path, reason));
    return result;
}

AtomicFile::~AtomicFile() {
    if (file_) unlink(temporary_.c_str());
}

Result<void> AtomicFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = write(file_.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("cannot write", path_, errno));
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> AtomicFile::commit() {
    if (fsync(file_.get()) != 0) return std::unexpected(system_error("cannot sync", path_, errno));
    if (rename(temporary_.c_str(), path_.c_str()) != 0)
        return std::unexpected(system_error("cannot replace", path_, errno));
    file_ = Descriptor();
    return {};
}

} // namespace stanch::os
