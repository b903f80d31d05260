#include "vault/wire/jwt.h"

#include "text/encoding.h"

namespace stanch::vault {

Result<Json> claims(std::string_view token) {
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos)
        return fail(ErrorKind::invalid, "the server's token is no JWT");
    std::string_view middle = token.substr(first + 1, second - first - 1);
    while (middle.ends_with('='))
        middle.remove_suffix(1);
    const auto text = text::base64_decode(middle, text::Base64::url_bare);
    if (!text) return fail(ErrorKind::invalid, "the server's token is no JWT");
    return Json::parse(*text, "the server's token");
}

} // namespace stanch::vault
