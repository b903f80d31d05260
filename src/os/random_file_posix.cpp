#include "os/random_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace stanch::os {
namespace {

Result<std::pair<Descriptor, std::uint64_t>> open_regular(const std::string& path) {
    // O_NONBLOCK: opening a FIFO without a writer would wait forever.
    Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return std::unexpected(system_error("cannot open", path, errno));
    struct stat info{};
    if (fstat(file.get(), &info) != 0)
        return std::unexpected(system_error("cannot stat", path, errno));
    if (!S_ISREG(info.st_mode)) return fail(ErrorKind::invalid, "not a regular file", path);
    return std::pair(std::move(file), static_cast<std::uint64_t>(info.st_size));
}

} // namespace

Result<RandomFile> RandomFile::open(const std::string& path) {
    STANCH_TRY(auto opened, open_regular(path));
    RandomFile file;
    file.file_ = std::move(opened.first);
    file.size_ = opened.second;
    file.path_ = path;
    return file;
}

Result<std::size_t> RandomFile::read_at(std::uint64_t offset, std::span<char> into) const {
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t n = pread(file_.get(), into.data() + done, into.size() - done,
                                static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("cannot read", path_, errno));
        if (n == 0) break;
        done += static_cast<std::size_t>(n);
    }
    return done;
}

Result<MappedFile> MappedFile::open(const std::string& path) {
    STANCH_TRY(const auto opened, open_regular(path));
    MappedFile file;
    if (opened.second == 0) return file; // mmap refuses an empty range
    void* data = mmap(nullptr, opened.second, PROT_READ, MAP_PRIVATE, opened.first.get(), 0);
    if (data == MAP_FAILED) return std::unexpected(system_error("cannot map", path, errno));
    file.data_ = static_cast<char*>(data);
    file.size_ = opened.second;
    return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

MappedFile::~MappedFile() {
    if (data_ != nullptr) munmap(data_, size_);
}

} // namespace stanch::os
