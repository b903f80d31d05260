#include "net/http.h"

#include <arpa/inet.h>
#include <atomic>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace stanch;
using namespace std::chrono_literals;

namespace {

// Answers the n-th connection with the n-th text, then closes it. An empty text closes at once.
class ScriptedServer {
  public:
    explicit ScriptedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(listen(listener_, 8) == 0);
        socklen_t size = sizeof address;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;
    ~ScriptedServer() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    [[nodiscard]] std::string url(const std::string& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    [[nodiscard]] int served() const { return served_; }
    [[nodiscard]] const std::string& last_request() const { return last_; }

  private:
    void serve() {
        for (const std::string& answer : answers_) {
            const int peer = accept(listener_, nullptr, nullptr);
            if (peer < 0) return;
            char buffer[8192];
            const ssize_t n = read(peer, buffer, sizeof buffer);
            last_.assign(buffer, static_cast<std::size_t>(n > 0 ? n : 0));
            ++served_;
            if (!answer.empty()) (void)!write(peer, answer.data(), answer.size());
            close(peer);
        }
    }
    std::vector<std::string> answers_;
    int listener_ = -1;
    int port_ = 0;
    std::string last_;
    std::atomic<int> served_{0};
    std::thread thread_;
};

std::string reply(const std::string& status, const std::string& body,
                  const std::string& more = "") {
    return "HTTP/1.1 " + status +
           "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           more + "\r\n" + body;
}

net::Client client(std::vector<std::chrono::milliseconds>& waits, net::Options options = {}) {
    options.sleep = [&waits](std::chrono::milliseconds wait) { waits.push_back(wait); };
    options.timeout = 5s;
    auto opened = net::Client::open(std::move(options));
    REQUIRE(opened);
    return std::move(*opened);
}

} // namespace

TEST_CASE("an answer comes back with its status, headers and body") {
    const ScriptedServer server({reply("404 Not Found", "{}", "X-Thing:  a b \r\n")});
    std::vector<std::chrono::milliseconds> waits;
    const auto answer = client(waits).send({.url = server.url(), .headers = {{"Accept", "x/y"}}});
    REQUIRE(answer);
    CHECK(answer->status == 404);
    CHECK(view(answer->body) == "{}");
    CHECK(answer->header("x-thing") == "a b");
    CHECK(server.last_request().find("Accept: x/y\r\n") != std::string::npos);
}

TEST_CASE("429 waits as long as the server says, for a POST too") {
    const ScriptedServer server(
        {reply("429 Too Many", "", "Retry-After: 7\r\n"), reply("200 OK", "yes")});
    std::vector<std::chrono::milliseconds> waits;
    const auto answer =
        client(waits).send({.method = "POST", .url = server.url(), .body = to_bytes("a=1")});
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(waits == std::vector<std::chrono::milliseconds>{7s});
    CHECK(server.last_request().ends_with("a=1"));
}

TEST_CASE("a server that asks for more patience than we have gets no further try") {
    const ScriptedServer server({reply("429 Too Many", "", "Retry-After: 3600\r\n")});
    std::vector<std::chrono::milliseconds> waits;
    const auto answer = client(waits).send({.url = server.url()});
    REQUIRE(answer);
    CHECK(answer->status == 429);
    CHECK(waits.empty());
}

TEST_CASE("a broken connection repeats a GET, never a POST that may have arrived") {
    std::vector<std::chrono::milliseconds> waits;
    {
        const ScriptedServer server({"", reply("200 OK", "yes")});
        const auto answer = client(waits).send({.url = server.url()});
        REQUIRE(answer);
        CHECK(server.served() == 2);
    }
    {
        const ScriptedServer server({"", reply("200 OK", "yes")});
        const auto answer = client(waits).send(
            {.method = "POST", .url = server.url("/key=secret"), .body = to_bytes("x")});
        REQUIRE(!answer);
        CHECK(answer.error().kind == ErrorKind::unavailable);
        CHECK(answer.error().where == server.url(""));
        CHECK(server.served() == 1);
    }
}

TEST_CASE("a redirect is an answer, not a way to another host") {
    const ScriptedServer server({reply("302 Found", "", "Location: http://127.0.0.1:1/\r\n")});
    std::vector<std::chrono::milliseconds> waits;
    const auto answer = client(waits).send({.url = server.url()});
    REQUIRE(answer);
    CHECK(answer->status == 302);
}

TEST_CASE("an answer past the limit is refused") {
    const ScriptedServer server({reply("200 OK", std::string(5000, 'x'))});
    std::vector<std::chrono::milliseconds> waits;
    const auto answer = client(waits, {.response_limit = 1000}).send({.url = server.url()});
    REQUIRE(!answer);
    CHECK(answer.error().kind == ErrorKind::incomplete);
}

TEST_CASE("plain http to another machine is refused before anything is sent") {
    std::vector<std::chrono::milliseconds> waits;
    const auto answer = client(waits).send({.url = "http://example.com/"});
    REQUIRE(!answer);
    CHECK(answer.error().kind == ErrorKind::refused);
}
