// Private to the room: an open file as a stream, which notices when the file grows or shrinks under
// its hands.
#pragma once

#include "os/tree.h"
#include "scan/worker.h"

namespace stanch::scan {

class FileStream : public ByteStream {
  public:
    FileStream(os::InputFile file, const std::string& shown)
        : file_(std::move(file)), shown_(shown) {}

    Result<std::size_t> read(std::span<char> buffer) override;
    [[nodiscard]] std::optional<std::uint64_t> size() const override;
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) override {
        return file_.read_at(offset, buffer, shown_);
    }
    [[nodiscard]] int descriptor() const override { return regular_ ? file_.descriptor() : -1; }
    void is_a_pipe() { regular_ = false; }

    // Tells what changed while the file was read, if anything.
    void tell(Outcome& outcome) const;

  private:
    os::InputFile file_;
    const std::string& shown_;
    bool regular_ = true;
    bool ended_ = false;
    bool endless_ = false;
    std::uint64_t size_ = 0; // at the first look; known for files larger than a buffer
    std::uint64_t taken_ = 0;
};

} // namespace stanch::scan
