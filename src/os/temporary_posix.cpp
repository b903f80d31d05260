#include "os/temporary.h"

#include "os/file.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace stanch::os {
namespace {

Result<void> write_everything(int fd, std::string_view content, const std::string& path) {
    while (!content.empty()) {
        const ssize_t n = write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("cannot write", path, errno));
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    if (fsync(fd) != 0 && errno != EINVAL)
        return std::unexpected(system_error("cannot sync", path, errno));
    return {};
}

} // namespace

Result<TemporaryDirectory> TemporaryDirectory::make(const std::string& parent) {
    const char* variable = std::getenv("TMPDIR");
    std::string base = parent;
    if (base.empty()) base = variable != nullptr && *variable != '\0' ? variable : "/tmp";
    std::string path = base + "/stanch-XXXXXX";
    if (mkdtemp(path.data()) == nullptr)
        return std::unexpected(system_error("cannot make a directory", base, errno));
    return TemporaryDirectory(std::move(path));
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<void> create_file(const std::string& path, std::string_view content, unsigned mode) {
    const Descriptor fd(
        open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
    if (!fd && errno == EEXIST) return fail(ErrorKind::refused, "it exists already", path);
    if (!fd) return std::unexpected(system_error("cannot make", path, errno));
    auto done = write_everything(fd.get(), content, path);
    if (!done) unlink(path.c_str());
    return done;
}

} // namespace stanch::os
