#include "vault/team/send_link.h"

#include "net/http.h"
#include "text/encoding.h"

namespace stanch::vault {
namespace {

std::unexpected<Error> no_link() {
    return fail(ErrorKind::usage, "this is no link of a Bitwarden Send", {},
                "it looks like https://HOST/#/send/<id>/<key>");
}

} // namespace

Result<SendLink> parse_send_link(const Secret& link) {
    const std::string_view text = link.reveal();
    const auto hash = text.find('#');
    if (hash == std::string_view::npos) return no_link();
    std::string server(text.substr(0, hash));
    std::string_view rest = text.substr(hash + 1);
    if (rest.starts_with("/send/")) rest.remove_prefix(6);
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos || slash == 0) return no_link();
    const std::string id(rest.substr(0, slash));
    if (id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") !=
        std::string::npos)
        return no_link();
    const auto material = text::base64_decode(rest.substr(slash + 1), text::Base64::url_bare);
    if (!material || material->size() != 16) return no_link();
    if (server.starts_with("https://send.bitwarden.com")) server = "us";
    if (server.starts_with("https://send.bitwarden.eu")) server = "eu";
    return SendLink{server, id, Secret(*material)};
}

} // namespace stanch::vault
