#include "os/file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <span>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace stanch::os {
namespace {

Result<Descriptor> open_regular(const std::string& path) {
    // O_NONBLOCK: opening a FIFO without a writer would wait forever.
    Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return std::unexpected(system_error("cannot open", path, errno));
    struct stat info{};
    if (fstat(file.get(), &info) != 0)
        return std::unexpected(system_error("cannot stat", path, errno));
    if (!S_ISREG(info.st_mode)) return fail(ErrorKind::invalid, "not a regular file", path);
    return file;
}

Result<void> write_all(int fd, std::string_view content, const std::string& path) {
    while (!content.empty()) {
        const ssize_t n = write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("cannot write", path, errno));
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

Result<std::string> xdg(const char* variable, std::string_view below_home) {
    if (const char* set = std::getenv(variable); set != nullptr && *set == '/')
        return std::string(set) + "/stanch";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
        return std::string(home) + "/" + std::string(below_home) + "/stanch";
    return fail(ErrorKind::unavailable, std::string("neither ") + variable + " nor HOME is set", {},
                "set HOME");
}

void sync_directory_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd) fsync(fd.get());
}

} // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) close(fd_);
}

int Descriptor::release() {
    return std::exchange(fd_, -1);
}

Error system_error(std::string_view doing, const std::string& where, int error_number) {
    ErrorKind kind = ErrorKind::unavailable;
    if (error_number == ENOENT || error_number == ENOTDIR) kind = ErrorKind::not_found;
    if (error_number == EACCES || error_number == EPERM) kind = ErrorKind::refused;
    return Error{kind, std::string(doing) + ": " + std::strerror(error_number), where, {}};
}

// Into one block that is large enough from the start, where the size is known: no copy of what may
// be secret is left behind by a string that grew.
Result<std::string> read_all(int fd, std::uint64_t limit) {
    std::string content;
    struct stat info{};
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
        content.reserve(std::min<std::uint64_t>(static_cast<std::uint64_t>(info.st_size), limit) +
                        1);
    for (;;) {
        const std::size_t filled = content.size();
        const std::size_t room =
            content.capacity() > filled ? content.capacity() - filled : std::size_t{65536};
        ssize_t n = 0;
        content.resize_and_overwrite(filled + room, [&](char* bytes, std::size_t) {
            do
                n = read(fd, bytes + filled, room);
            while (n < 0 && errno == EINTR);
            return filled + (n > 0 ? static_cast<std::size_t>(n) : 0);
        });
        if (n < 0) return std::unexpected(system_error("cannot read", {}, errno));
        if (n == 0) return content;
        if (content.size() > limit)
            return fail(ErrorKind::incomplete, "larger than " + std::to_string(limit) + " bytes");
    }
}

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
    STANCH_TRY(const Descriptor file, open_regular(path));
    auto content = read_all(file.get(), limit);
    if (!content) content.error().where = path;
    return content;
}

namespace {

// Reads until the buffer is full or the file ends.
Result<std::size_t> fill(int fd, std::span<char> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const ssize_t n = read(fd, buffer.data() + filled, buffer.size() - filled);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("cannot read", {}, errno));
        if (n == 0) break;
        filled += static_cast<std::size_t>(n);
    }
    return filled;
}

// Straight into locked memory, where the file is as long as it says; else nullopt.
Result<std::optional<Secret>> read_exactly(int fd, std::size_t size_told) {
    Secret secret = Secret::zeroed(size_told);
    STANCH_TRY(const std::size_t size, fill(fd, secret.writable()));
    std::array<char, 1> more{};
    STANCH_TRY(const std::size_t behind, fill(fd, more));
    if (size != secret.size() || behind != 0) return std::nullopt;
    return secret;
}

// What grows or shrinks meanwhile is read like any other file.
Result<Secret> read_secret(int fd, std::uint64_t limit) {
    struct stat info{};
    if (fstat(fd, &info) == 0 && static_cast<std::uint64_t>(info.st_size) <= limit) {
        STANCH_TRY(std::optional<Secret> whole,
                   read_exactly(fd, static_cast<std::size_t>(info.st_size)));
        if (whole) return std::move(*whole);
        if (lseek(fd, 0, SEEK_SET) != 0)
            return std::unexpected(system_error("cannot read again", {}, errno));
    }
    STANCH_TRY(std::string content, read_all(fd, limit));
    Secret secret(content);
    wipe(content);
    return secret;
}

} // namespace

Result<Secret> read_secret_file(const std::string& path, std::uint64_t limit) {
    STANCH_TRY(const Descriptor file, open_regular(path));
    auto secret = read_secret(file.get(), limit);
    if (!secret) secret.error().where = path;
    return secret;
}

namespace {

Result<void> replace(const std::string& path, std::string_view content, mode_t mode, bool sync) {
    std::string temporary = path + ".stanch-XXXXXX";
    Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
    if (!file) return std::unexpected(system_error("cannot create a file beside it", path, errno));
    auto give_up = [&](Error error) {
        unlink(temporary.c_str());
        return std::unexpected(std::move(error));
    };
    if (fchmod(file.get(), mode) != 0) return give_up(system_error("cannot chmod", path, errno));
    if (auto written = write_all(file.get(), content, path); !written)
        return give_up(written.error());
    if (sync && fsync(file.get()) != 0) return give_up(system_error("cannot sync", path, errno));
    if (rename(temporary.c_str(), path.c_str()) != 0)
        return give_up(system_error("cannot replace", path, errno));
    return {};
}

} // namespace

Result<void> write_file(const std::string& path, std::string_view content, mode_t mode) {
    return replace(path, content, mode, true);
}

Result<void> write_note(const std::string& path, std::string_view content, mode_t mode) {
    return replace(path, content, mode, false);
}

Result<void> make_directories(const std::string& path, mode_t mode) {
    for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
        const std::string part = path.substr(0, at);
        if (mkdir(part.c_str(), mode) != 0 && errno != EEXIST)
            return std::unexpected(system_error("cannot create the directory", part, errno));
        if (at == std::string::npos) return {};
    }
}

bool is_regular_file(const std::string& path) {
    struct stat info{};
    return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool exists(const std::string& path) {
    return access(path.c_str(), F_OK) == 0;
}

bool is_occupied(const std::string& path) {
    struct stat info{};
    return lstat(path.c_str(), &info) == 0;
}

bool is_executable(const std::string& path) {
    struct stat info{};
    return access(path.c_str(), X_OK) == 0 && stat(path.c_str(), &info) == 0 &&
           S_ISREG(info.st_mode);
}

Result<void> rename_file(const std::string& from, const std::string& to) {
    if (rename(from.c_str(), to.c_str()) != 0)
        return std::unexpected(system_error("cannot rename", from, errno));
    sync_directory_of(to);
    return {};
}

Result<void> remove_file(const std::string& path) {
    if (unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return std::unexpected(system_error("cannot remove", path, errno));
}

Result<std::string> cache_directory() {
    return xdg("XDG_CACHE_HOME", ".cache");
}
Result<std::string> config_directory() {
    return xdg("XDG_CONFIG_HOME", ".config");
}
Result<std::string> data_directory() {
    return xdg("XDG_DATA_HOME", ".local/share");
}

} // namespace stanch::os
