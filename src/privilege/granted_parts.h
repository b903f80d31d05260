// The parts behind read_granted().
#pragma once

#include "privilege/granted.h"

#include <functional>

namespace stanch::privilege {

// Texts at a path of a JSON document: "auth/accessToken/role", "data/*/attributes/scopes/*".
// Objects' members by name, `*` is every element; numbers and booleans come as text. Empty where
// the document is malformed.
std::vector<std::string> json_texts(std::string_view json, std::string_view path);

// The actions that the Allow statements of an IAM policy document name ("*" for NotAction), and
// whether it has Deny statements too. Empty where the document is malformed.
struct PolicyActions {
    std::vector<std::string> allowed;
    bool denies = false;
};
PolicyActions policy_actions(std::string_view document);

// Scopes of the application key that ends in `last`, of Datadog's list of a user's keys; nothing
// where no key of the list does.
std::optional<std::vector<std::string>> datadog_scopes(std::string_view json,
                                                       std::string_view last);

// What is told by a value's form or its variable's name, so that nothing is sent: webhooks, client
// and signing secrets, API keys without scopes, paths.
std::optional<Granted> told_by_form(std::string_view provider, const Presented& credential);

// The widest that scopes allow, told from their words: any of them that writes makes it a writing
// credential.
Access access_of(std::string_view provider, const std::vector<std::string>& scopes);

Result<Granted> datadog_granted(const Presented& credential, const Endpoints& endpoints,
                                net::Client& client);
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
