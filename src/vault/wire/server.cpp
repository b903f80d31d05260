#include "vault/wire/server.h"

#include "net/http.h"

namespace stanch::vault {
namespace {

bool is_cloud(std::string_view host, std::string_view domain) {
    return host == "https://" + std::string(domain) ||
           host == "https://vault." + std::string(domain);
}

Server cloud(const std::string& domain) {
    return {"https://vault." + domain, "https://identity." + domain, "https://api." + domain};
}

} // namespace

Result<Server> Server::parse(std::string_view text) {
    std::string url(text);
    while (url.ends_with('/'))
        url.pop_back();
    if (url == "us" || is_cloud(url, "bitwarden.com")) return cloud("bitwarden.com");
    if (url == "eu" || is_cloud(url, "bitwarden.eu")) return cloud("bitwarden.eu");
    STANCH_CHECK(net::check_url(url));
    if (url.find_first_of("?#") != std::string::npos)
        return fail(ErrorKind::usage, "a server's address has no query and no fragment",
                    net::origin(url));
    return Server{url, url + "/identity", url + "/api"};
}

std::string Server::send_link() const {
    if (web == "https://vault.bitwarden.com") return "https://send.bitwarden.com/#";
    if (web == "https://vault.bitwarden.eu") return "https://send.bitwarden.eu/#";
    return web + "/#/send/";
}

} // namespace stanch::vault
