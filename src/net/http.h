// HTTP for a tool that carries credentials.
//
//     STANCH_TRY(auto client, net::Client::open({.ca_file = extra_ca}));
//     STANCH_TRY(auto answer, client.send({.url = "https://api.example.com/v1/me", .headers =
//     {{"Authorization", …}}})); if (answer.status != 200) …
//
// - https with verified certificates (TLS 1.2 or later); plain http to a loopback address only, or
//   through a proxy there.
// - Redirects are not followed: an Authorization header must not travel to another host.
// - An answer with any status is a Response. An Error means that no whole answer came: it names the
// host and the
//   reason, never the path, the query, a header or a body.
// - 429 and 503 are tried again after the server's Retry-After (RFC 9110 §10.2.3, seconds or a
// date), or after a growing
//   pause without one. Calls that may be repeated (GET, HEAD, PUT, DELETE) are also tried again
//   where the connection broke; a POST only where nothing was sent.
// - Bodies live in memory that is wiped (core/wiped.h).
//
// libcurl is loaded on first use. A Client keeps its connection open between calls; use one a
// thread.
#pragma once

#include "core/result.h"
#include "core/wiped.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::net {

struct Header {
    std::string name; // lower case in a Response
    std::string value;
};

struct Request {
    std::string method = "GET";
    std::string url{};
    std::vector<Header> headers{};
    Bytes body{}; // sent where it is not empty, or where the method is POST, PUT or PATCH
};

struct Response {
    int status = 0;
    std::vector<Header> headers{};
    Bytes body;

    // The first header of this (lower-case) name.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

struct Options {
    std::string ca_file{}; // PEM certificates to trust besides the system's; empty: none
    std::string user_agent{};
    // An http proxy on this machine that hands requests on (and may add credentials): with one, an
    // http URL may name any host. Empty: none, or what the environment says.
    std::string proxy{};
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{60'000}; // of one try as a whole
    int tries = 4;
    std::chrono::seconds longest_wait{60}; // a server that asks for more gets no further try
    std::uint64_t response_limit = std::uint64_t{256} << 20; // bytes; more is ErrorKind::incomplete
    // How to wait between tries; tests put a clock of their own here.
    std::function<void(std::chrono::milliseconds)> sleep{};
};

class Client {
  public:
    // Fails where libcurl is missing or `ca_file` can't be read.
    static Result<Client> open(Options options = {});

    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    Result<Response> send(const Request& request);

  private:
    struct State;
    explicit Client(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// "https://host:port" of a URL, or "" where it has none: what an error may say about it.
std::string origin(std::string_view url);

// Refuses what is neither https nor http to this machine itself (127.0.0.0/8, ::1, localhost), and
// user:password@.
Result<void> check_url(std::string_view url);

// Refuses a proxy that is not http on this machine itself.
Result<void> check_proxy(std::string_view url);

// Seconds of a Retry-After header's value: a number, or an HTTP date seen from `now`. nullopt:
// neither.
std::optional<std::chrono::seconds> retry_after(std::string_view value,
                                                std::chrono::system_clock::time_point now);

} // namespace stanch::net
