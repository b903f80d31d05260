// The parts behind read_granted().
#pragma once

#include "privilege/granted.h"

#include <functional>

namespace stanch::privilege {

// Texts at a path of a JSON document: "auth/accessToken/role", "data/*/attributes/scopes/*".
// Objects' members by name, `*` is every element; numbers and booleans come as text. Empty where
// the document is malformed.
std::vector<std::string> json_texts(std::string_view json, std::string_view path);

Result<Granted> aws_granted(const Presented& credential, const std::string& iam,
                            const std::string& sts, net::Client& client);
Result<Granted> postgres_granted(const Secret& url);
Result<Granted> redis_granted(const Secret& url);
Granted pypi_granted(const Secret& token);

Granted unknown(std::string why);
Granted dead(std::string why);

// scheme://user:password@host:port/path, percent-decoded.
struct ConnectionUrl {
    std::string scheme;
    std::string user;
    Secret password;
    std::string host;
    std::string port;
    std::string path;
};
std::optional<ConnectionUrl> parse_connection(std::string_view url);

} // namespace stanch::privilege
