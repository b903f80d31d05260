#include "vault/reference.h"

#include "text/encoding.h"

namespace stanch::vault {
namespace {

constexpr std::string_view scheme = "bw://";

std::unexpected<Error> malformed(std::string_view text) {
    return fail(ErrorKind::usage, "'" + std::string(text) + "' is not a reference to a vault", {},
                "write bw://Collection/Item/field");
}

Result<std::vector<std::string>> segments(std::string_view text, bool encoded) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t slash = std::min(text.find('/', at), text.size());
        const std::string_view raw = text.substr(at, slash - at);
        if (!encoded) {
            parts.emplace_back(raw);
        } else {
            const auto decoded = text::percent_decode(raw);
            if (!decoded || decoded->empty())
                return malformed(std::string(scheme) + std::string(text));
            parts.push_back(*decoded);
        }
        at = slash + 1;
    }
    return parts;
}

std::string joined(const std::vector<std::string>& parts, std::size_t from, std::size_t to) {
    std::string out;
    for (std::size_t i = from; i < to; ++i)
        out += (i == from ? "" : "/") + parts[i];
    return out;
}

} // namespace

bool is_reference(std::string_view text) {
    return text.starts_with(scheme);
}

Result<std::vector<Reference>> readings(std::string_view text) {
    const bool uri = is_reference(text);
    const std::string_view body = uri ? text.substr(scheme.size()) : text;
    if (body.empty()) return malformed(text);
    STANCH_TRY(const auto parts, segments(body, uri));
    const std::size_t n = parts.size();
    std::vector<Reference> all;
    const Reference whole{"", joined(parts, 0, n), ""};
    if (!uri || n == 1) all.push_back(whole);
    if (n >= 3) all.push_back({joined(parts, 0, n - 2), parts[n - 2], parts[n - 1]});
    if (n >= 2) all.push_back({"", joined(parts, 0, n - 1), parts[n - 1]});
    if (n >= 2) all.push_back({joined(parts, 0, n - 1), parts[n - 1], ""});
    return all;
}

Result<Reference> parse_reference(std::string_view text) {
    if (!is_reference(text)) return malformed(text);
    STANCH_TRY(const auto parts, segments(text.substr(scheme.size()), true));
    const std::size_t n = parts.size();
    if (n == 1) return Reference{"", parts[0], ""};
    if (n == 2) return Reference{"", parts[0], parts[1]};
    return Reference{joined(parts, 0, n - 2), parts[n - 2], parts[n - 1]};
}

} // namespace stanch::vault
