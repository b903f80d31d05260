#include "net/http.h"

#include <algorithm>
#include <cctype>

namespace stanch::net {
namespace {

struct Parts {
    std::string scheme;    // lower case
    std::string authority; // as given: user@host:port
    std::string host;      // lower case, without brackets
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

std::string host_of(std::string_view authority) {
    if (const auto at = authority.rfind('@'); at != std::string_view::npos)
        authority.remove_prefix(at + 1);
    if (authority.starts_with('[')) return lower(authority.substr(1, authority.find(']') - 1));
    return lower(authority.substr(0, authority.find(':')));
}

std::optional<Parts> split(std::string_view url) {
    const auto colon = url.find("://");
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const std::string_view rest = url.substr(colon + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#\\"));
    if (authority.empty()) return std::nullopt;
    return Parts{lower(url.substr(0, colon)), std::string(authority), host_of(authority)};
}

bool is_loopback(const std::string& host) {
    if (host == "localhost" || host == "::1") return true;
    return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos &&
           std::ranges::count(host, '.') == 3;
}

} // namespace

std::string origin(std::string_view url) {
    const auto parts = split(url);
    if (!parts) return {};
    const auto at = parts->authority.rfind('@');
    return parts->scheme + "://" +
           (at == std::string::npos ? parts->authority : parts->authority.substr(at + 1));
}

Result<void> check_url(std::string_view url) {
    const auto parts = split(url);
    const bool printable = std::ranges::all_of(
        url, [](unsigned char c) { return c > 0x20 && c != 0x7f && c != '\\'; });
    if (!parts || !printable)
        return fail(ErrorKind::usage, "not a URL", origin(url), "write https://HOST");
    if (parts->authority.find('@') != std::string::npos)
        return fail(ErrorKind::usage, "the URL holds a user name or password", origin(url),
                    "leave it out");
    if (parts->scheme == "https" || (parts->scheme == "http" && is_loopback(parts->host)))
        return {};
    return fail(ErrorKind::refused, "only https is allowed (http to this machine itself)",
                origin(url), "use an https:// address");
}

Result<void> check_proxy(std::string_view url) {
    STANCH_CHECK(check_url(url));
    if (url.starts_with("http://")) return {};
    return fail(ErrorKind::refused, "only an http proxy on this machine is allowed", origin(url),
                "use an http://localhost:PORT address");
}

} // namespace stanch::net
