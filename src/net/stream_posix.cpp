#include "net/stream.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace stanch::net {
namespace {

std::unexpected<Error> failed(std::string_view what, int error) {
    return fail(ErrorKind::unavailable, std::string(what) + ": " + std::strerror(error));
}

} // namespace

Stream::Stream(Stream&& other) noexcept : fd_(other.fd_), end_(other.end_) {
    other.fd_ = -1;
}

Stream::~Stream() {
    if (fd_ >= 0) close(fd_);
}

Result<Stream> Stream::connect(const std::string& host, const std::string& port,
                               std::chrono::milliseconds timeout) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0)
        return fail(ErrorKind::unavailable, "the host's name has no address", host);
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
    int error = ECONNREFUSED;
    for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
        Stream stream(socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
                      std::chrono::steady_clock::now() + timeout);
        if (stream.fd_ < 0) continue;
        if (::connect(stream.fd_, at->ai_addr, at->ai_addrlen) != 0 && errno != EINPROGRESS) {
            error = errno;
            continue;
        }
        if (!stream.wait(POLLOUT)) {
            error = ETIMEDOUT;
            continue;
        }
        socklen_t size = sizeof error;
        getsockopt(stream.fd_, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error == 0) return stream;
    }
    return failed("cannot connect to " + host, error);
}

Result<void> Stream::wait(short events) const {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                              end_ - std::chrono::steady_clock::now())
                              .count();
        pollfd ready{.fd = fd_, .events = events, .revents = 0};
        const int got = left <= 0 ? 0 : poll(&ready, 1, static_cast<int>(left));
        if (got > 0) return {};
        if (got == 0) return fail(ErrorKind::unavailable, "the server took too long to answer");
        if (errno != EINTR) return failed("cannot wait for the server", errno);
    }
}

Result<void> Stream::write(std::string_view bytes) {
    while (!bytes.empty()) {
        STANCH_CHECK(wait(POLLOUT));
        const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return failed("cannot write to the server", errno);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

Result<std::string> Stream::read() {
    std::array<char, 16384> buffer{};
    for (;;) {
        STANCH_CHECK(wait(POLLIN));
        const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
        if (got > 0) return std::string(buffer.data(), static_cast<std::size_t>(got));
        if (got == 0) return fail(ErrorKind::unavailable, "the server closed the connection");
        if (errno != EAGAIN && errno != EINTR) return failed("cannot read from the server", errno);
    }
}

} // namespace stanch::net
