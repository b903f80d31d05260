#include "os/tree.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace stanch::os {
namespace {

NodeKind kind_of_type(unsigned char type) {
    switch (type) {
    case DT_REG:
        return NodeKind::file;
    case DT_DIR:
        return NodeKind::directory;
    case DT_LNK:
        return NodeKind::link;
    case DT_FIFO:
        return NodeKind::fifo;
    case DT_SOCK:
        return NodeKind::socket;
    case DT_CHR:
    case DT_BLK:
        return NodeKind::device;
    default:
        return NodeKind::unknown;
    }
}

NodeKind kind_of_mode(mode_t mode) {
    return kind_of_type(static_cast<unsigned char>(IFTODT(mode)));
}

bool kernel_made(int fd) {
    // linux/magic.h has no name for some of them.
    constexpr std::array<std::int64_t, 13> magics{
        PROC_SUPER_MAGIC,    SYSFS_MAGIC,      DEBUGFS_MAGIC, TRACEFS_MAGIC, CGROUP_SUPER_MAGIC,
        CGROUP2_SUPER_MAGIC, SECURITYFS_MAGIC, SELINUX_MAGIC, BPF_FS_MAGIC,  PSTOREFS_MAGIC,
        DEVPTS_SUPER_MAGIC,  EFIVARFS_MAGIC,   0x62656570 /* configfs */};
    struct statfs info{};
    if (fstatfs(fd, &info) != 0) return false;
    return std::ranges::find(magics, static_cast<std::int64_t>(info.f_type)) != magics.end();
}

std::uint64_t device_of(int fd) {
    struct stat info{};
    return fstat(fd, &info) == 0 ? static_cast<std::uint64_t>(info.st_dev) : 0;
}

constexpr int read_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

} // namespace

std::string_view to_string(NodeKind kind) {
    switch (kind) {
    case NodeKind::file:
        return "a file";
    case NodeKind::directory:
        return "a directory";
    case NodeKind::link:
        return "a symbolic link";
    case NodeKind::fifo:
        return "a FIFO";
    case NodeKind::socket:
        return "a socket";
    case NodeKind::device:
        return "a device";
    case NodeKind::unknown:
        break;
    }
    return "a file of unknown kind";
}

void Listing::clear() {
    names_.clear();
    entries_.clear();
}

void Listing::add(std::string_view name, NodeKind kind) {
    entries_.push_back(
        {static_cast<std::uint32_t>(names_.size()), static_cast<std::uint16_t>(name.size()), kind});
    names_ += name;
    names_ += kind == NodeKind::directory ? '/' : '\0';
}

void Listing::sort() {
    const auto key = [this](const Entry& entry) {
        return std::string_view(names_).substr(entry.offset, std::size_t{entry.size} + 1);
    };
    std::ranges::sort(entries_, {}, key);
}

Result<Directory> Directory::open(const std::string& path) {
    Directory directory;
    directory.fd_ = Descriptor(::open(path.c_str(), read_flags | O_DIRECTORY));
    if (!directory.fd_) return std::unexpected(system_error("cannot open", path, errno));
    directory.device_ = device_of(directory.fd_.get());
    return directory;
}

namespace {

// Opens a directory below `folder` if it is on the same file system: no call is needed to see which
// one that is. -1: it is not, or this kernel (before 5.6), or whoever guards it, does not know the
// call.
int open_on_same_device(int folder, const std::string& name) {
    static std::atomic<bool> known{true};
    if (!known.load(std::memory_order_relaxed)) return -1;
    open_how how{};
    how.flags = static_cast<std::uint64_t>(read_flags | O_DIRECTORY | O_NOFOLLOW);
    how.resolve = RESOLVE_NO_XDEV;
    const auto fd = static_cast<int>(syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how));
    if (fd < 0 && (errno == ENOSYS || errno == EPERM)) known = false;
    return fd;
}

} // namespace

Result<Directory> Directory::enter(const std::string& name, const std::string& shown) const {
    Directory directory;
    directory.fd_ = Descriptor(open_on_same_device(fd_.get(), name));
    if (directory.fd_) {
        directory.device_ = device_;
        return directory;
    }
    directory.fd_ =
        Descriptor(openat(fd_.get(), name.c_str(), read_flags | O_DIRECTORY | O_NOFOLLOW));
    if (!directory.fd_) return std::unexpected(system_error("cannot open", shown, errno));
    directory.device_ = device_of(directory.fd_.get());
    return directory;
}

Result<bool> Directory::list(Listing& listing, std::size_t limit, const std::string& shown) {
    alignas(dirent64) std::array<char, 32768> block; // NOLINT: not zeroed, the kernel fills it
    while (listing.size() < limit) {
        const ssize_t n = getdents64(fd_.get(), block.data(), block.size());
        if (n < 0) return std::unexpected(system_error("cannot list", shown, errno));
        if (n == 0) return false;
        for (ssize_t at = 0; at < n;) {
            const auto* entry = reinterpret_cast<const dirent64*>(block.data() + at);
            at += entry->d_reclen;
            const std::string_view name(static_cast<const char*>(entry->d_name));
            if (name == "." || name == "..") continue;
            NodeKind kind = kind_of_type(entry->d_type);
            if (kind == NodeKind::unknown) kind = kind_of(std::string(name));
            listing.add(name, kind);
        }
    }
    return true;
}

std::optional<std::int64_t> Directory::changed(const std::string& path) const {
    struct stat info{};
    const char* name = path.empty() ? "." : path.c_str();
    if (fstatat(fd_.get(), name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(info.st_mode))
        return std::nullopt;
    return std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
}

NodeKind Directory::kind_of(const std::string& name) const {
    struct stat info{};
    if (fstatat(fd_.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return NodeKind::unknown;
    return kind_of_mode(info.st_mode);
}

Result<std::string> Directory::read_link(const std::string& name, const std::string& shown) const {
    std::array<char, 4096> target{};
    const ssize_t n = readlinkat(fd_.get(), name.c_str(), target.data(), target.size());
    if (n < 0) return std::unexpected(system_error("cannot read the link", shown, errno));
    return std::string(target.data(), static_cast<std::size_t>(n));
}

bool Directory::link_loops(const std::string& name) const {
    struct stat info{};
    return fstatat(fd_.get(), name.c_str(), &info, 0) != 0 && errno == ELOOP;
}

bool Directory::is_kernel_file_system() const {
    return kernel_made(fd_.get());
}

Result<InputFile> InputFile::open_in(const Directory& directory, const std::string& name,
                                     const std::string& shown) {
    InputFile file;
    file.fd_ = Descriptor(openat(directory.descriptor(), name.c_str(), read_flags | O_NOFOLLOW));
    if (!file.fd_ && errno == ENOENT)
        return fail(ErrorKind::not_found, "vanished during the scan", shown);
    if (!file.fd_) return std::unexpected(system_error("cannot open", shown, errno));
    return file;
}

Result<InputFile> InputFile::open(const std::string& path) {
    InputFile file;
    file.fd_ = Descriptor(::open(path.c_str(), read_flags));
    if (!file.fd_) return std::unexpected(system_error("cannot open", path, errno));
    struct stat info{};
    if (fstat(file.fd_.get(), &info) != 0)
        return std::unexpected(system_error("cannot stat", path, errno));
    if (!S_ISREG(info.st_mode))
        return fail(ErrorKind::incomplete,
                    std::string(to_string(kind_of_mode(info.st_mode))) + ", not a file", path);
    if (kernel_made(file.fd_.get()))
        return fail(
            ErrorKind::incomplete,
            "on a file system that the kernel makes up: its files have no content of their own",
            path);
    return file;
}

InputFile InputFile::standard_input() {
    InputFile file;
    file.fd_ = Descriptor(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    file.regular_ = false;
    return file;
}

Result<std::size_t> InputFile::read(std::span<char> buffer, const std::string& shown) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const ssize_t n = ::read(fd_.get(), buffer.data() + filled, buffer.size() - filled);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("cannot read", shown, errno));
        if (n == 0) break;
        const bool whole = regular_ && static_cast<std::size_t>(n) < buffer.size() - filled;
        filled += static_cast<std::size_t>(n);
        // A regular file gives less than was asked for at its end only: no second call to see it.
        if (whole) break;
    }
    return filled;
}

Result<std::size_t> InputFile::read_at(std::uint64_t offset, std::span<char> buffer,
                                       const std::string& shown) const {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const ssize_t n = pread(fd_.get(), buffer.data() + filled, buffer.size() - filled,
                                static_cast<off_t>(offset + filled));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("cannot read", shown, errno));
        if (n == 0) break;
        filled += static_cast<std::size_t>(n);
    }
    return filled;
}

std::uint64_t InputFile::size() const {
    struct stat info{};
    return fstat(fd_.get(), &info) == 0 && S_ISREG(info.st_mode)
               ? static_cast<std::uint64_t>(info.st_size)
               : 0;
}

void raise_open_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace stanch::os
