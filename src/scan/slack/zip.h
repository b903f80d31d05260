// The members of a .zip, one after the other. Private to the room.
#pragma once

#include "core/result.h"
#include "os/random_file.h"

#include <memory>
#include <optional>
#include <string>

namespace stanch::scan {

class ZipReader {
  public:
    static Result<ZipReader> open(const std::string& path);
    ZipReader(ZipReader&&) noexcept;
    ZipReader& operator=(ZipReader&&) noexcept;
    ZipReader(const ZipReader&) = delete;
    ZipReader& operator=(const ZipReader&) = delete;
    ~ZipReader();

    struct Member {
        std::string name;
        std::string content;
    };
    // nullopt at the end. `limit` bounds what one member may unpack to.
    Result<std::optional<Member>> next(std::uint64_t limit);
    // Back to the first member.
    Result<void> rewind();

  private:
    struct State;
    explicit ZipReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace stanch::scan
