#include "scan/file_stream.h"

namespace stanch::scan {
namespace {

// A file that grows as fast as it is read would never end.
constexpr std::uint64_t most_growth = std::uint64_t{64} << 20;

} // namespace

Result<std::size_t> FileStream::read(std::span<char> buffer) {
    if (endless_) return 0;
    STANCH_TRY(const std::size_t n, file_.read(buffer, shown_));
    ended_ = n < buffer.size();
    // A small file costs no stat.
    if (regular_ && !ended_ && taken_ == 0) size_ = file_.size();
    taken_ += n;
    endless_ = size_ != 0 && taken_ > size_ + most_growth;
    return n;
}

std::optional<std::uint64_t> FileStream::size() const {
    if (!regular_) return std::nullopt;
    return file_.size();
}

void FileStream::tell(Outcome& outcome) const {
    if (size_ == 0 || taken_ == 0) return;
    if (endless_)
        return outcome.miss(shown_,
                            "grows faster than it can be read; only its beginning was looked at");
    if (!ended_ || taken_ == size_) return;
    outcome.miss(shown_, taken_ > size_ ? "grew while it was read" : "shrank while it was read",
                 "scan it again when nothing writes to it");
}

} // namespace stanch::scan
