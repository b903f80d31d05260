#include "os/store.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <unistd.h>

namespace stanch::os {

namespace {

Result<Descriptor> locked(Descriptor file, const std::string& path) {
    if (!file) return std::unexpected(system_error("cannot open the lock", path, errno));
    while (flock(file.get(), LOCK_EX) != 0)
        if (errno != EINTR) return std::unexpected(system_error("cannot lock", path, errno));
    return file;
}

} // namespace

Result<Descriptor> lock_file(const std::string& path) {
    return locked(Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)), path);
}

Result<Descriptor> lock_directory(const std::string& path) {
    return locked(Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), path);
}

void remove_leftovers(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return;
    const std::string folder = path.substr(0, slash);
    const std::string prefix = path.substr(slash + 1) + ".stanch-";
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(opendir(folder.c_str()), closedir);
    if (!listing) return;
    while (const dirent* entry = readdir(listing.get()))
        if (std::string_view(entry->d_name).starts_with(prefix))
            unlink((folder + "/" + entry->d_name).c_str());
}

} // namespace stanch::os
