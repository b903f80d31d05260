// One TCP connection, for protocols that are too small for a library (Redis).
//
// Times out as a whole: connecting and every call take at most what `timeout` leaves. Plain text:
// use it only for what the user's own address says to be plain. Not thread-safe.
#pragma once

#include "core/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace stanch::net {

class Stream {
  public:
    static Result<Stream> connect(const std::string& host, const std::string& port,
                                  std::chrono::milliseconds timeout);

    Stream(Stream&& other) noexcept;
    Stream& operator=(Stream&&) = delete;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream();

    Result<void> write(std::string_view bytes);
    // What has come, at least one byte; an error at the end of the stream.
    Result<std::string> read();

  private:
    Stream(int fd, std::chrono::steady_clock::time_point end) : fd_(fd), end_(end) {}
    Result<void> wait(short events) const;
    int fd_;
    std::chrono::steady_clock::time_point end_;
};

} // namespace stanch::net
