#include "net/http.h"

#include <doctest/doctest.h>

using namespace stanch;

TEST_CASE("only https, or http to this machine itself") {
    for (const char* good : {"https://vault.example.com", "https://vault.example.com:8443/api?x=1",
                             "http://127.0.0.1:8080/", "http://localhost/x", "http://[::1]:9"})
        CHECK_MESSAGE(net::check_url(good), good);
    for (const char* bad : {"http://vault.example.com", "http://127.0.0.1.example.com",
                            "http://localhost.example.com", "ftp://localhost/",
                            "file:///etc/passwd", "vault.example.com", "https://", "",
                            "https://user:word@example.com", "http://localhost@example.com/",
                            "https://a b/", "http://example.com\\@localhost/", "https://a\nb/"})
        CHECK_MESSAGE(!net::check_url(bad), bad);
}

TEST_CASE("an error names a URL's origin, never its user, path or query") {
    CHECK(net::origin("https://user:word@example.com:1/path?key=1#x") == "https://example.com:1");
    CHECK(net::origin("https://example.com?key=1") == "https://example.com");
    CHECK(net::origin("nothing").empty());
}

TEST_CASE("Retry-After is a number of seconds or a date") {
    const auto now = std::chrono::system_clock::from_time_t(1'772'000'000); // 2026-02-25 06:13:20
    CHECK(net::retry_after("120", now) == std::chrono::seconds(120));
    CHECK(net::retry_after("Wed, 25 Feb 2026 06:14:20 GMT", now) == std::chrono::seconds(60));
    CHECK(net::retry_after("Wed, 25 Feb 2026 06:00:00 GMT", now) == std::chrono::seconds(0));
    CHECK(!net::retry_after("soon", now));
    CHECK(!net::retry_after("-1", now));
}
