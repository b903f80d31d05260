#include "os/directory.h"

#include "os/file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <filesystem>
#include <memory>
#include <string_view>
#include <sys/stat.h>

namespace stanch::os {
namespace {

FileKind kind_of_mode(mode_t mode) {
    if (S_ISREG(mode)) return FileKind::regular;
    if (S_ISDIR(mode)) return FileKind::directory;
    if (S_ISLNK(mode)) return FileKind::symlink;
    return FileKind::other;
}

// Some file systems do not fill d_type.
FileKind kind_of(const dirent& entry, const std::string& directory) {
    switch (entry.d_type) {
    case DT_REG:
        return FileKind::regular;
    case DT_DIR:
        return FileKind::directory;
    case DT_LNK:
        return FileKind::symlink;
    case DT_UNKNOWN:
        break;
    default:
        return FileKind::other;
    }
    struct stat info{};
    const std::string path = directory + "/" + static_cast<const char*>(entry.d_name);
    return lstat(path.c_str(), &info) == 0 ? kind_of_mode(info.st_mode) : FileKind::other;
}

struct CloseDirectory {
    void operator()(DIR* directory) const { closedir(directory); }
};

} // namespace

Result<std::vector<DirectoryEntry>> list_directory(const std::string& path) {
    const std::unique_ptr<DIR, CloseDirectory> directory(opendir(path.c_str()));
    if (!directory) return std::unexpected(system_error("cannot open", path, errno));
    std::vector<DirectoryEntry> entries;
    errno = 0;
    while (const dirent* entry = readdir(directory.get())) {
        const std::string_view name(static_cast<const char*>(entry->d_name));
        if (name != "." && name != "..")
            entries.push_back({std::string(name), kind_of(*entry, path)});
        errno = 0;
    }
    if (errno != 0) return std::unexpected(system_error("cannot list", path, errno));
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    return entries;
}

Result<std::string> real_path(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr),
                                                               &std::free);
    if (!resolved) return std::unexpected(system_error("cannot resolve", path, errno));
    return std::string(resolved.get());
}

bool is_directory(const std::string& path) {
    struct stat info{};
    return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

Result<std::string> make_temporary_directory() {
    const char* set = std::getenv("TMPDIR");
    std::string path = set != nullptr && *set == '/' ? set : "/tmp";
    path += "/stanch-XXXXXX";
    if (mkdtemp(path.data()) == nullptr)
        return std::unexpected(system_error("cannot make a temporary folder", path, errno));
    return path;
}

void remove_directory(const std::string& path) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

} // namespace stanch::os
