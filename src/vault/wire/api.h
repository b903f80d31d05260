// One conversation with a Bitwarden server: headers, tokens, errors.
//
// An expiring access token is renewed before a call, a refused one once after it. What was renewed
// is handed to `on_tokens` at once, since the old refresh token may be worth nothing from then on.
// Not thread-safe.
#pragma once

#include "net/http.h"
#include "vault/wire/json.h"
#include "vault/wire/server.h"

#include <functional>
#include <map>
#include <vector>

namespace stanch::vault {

struct Tokens {
    Secret access;
    Secret refresh;           // empty after a login by API key: then the grant is made again
    std::int64_t expires = 0; // Unix seconds
    std::string client_id;    // of the API key
    Secret client_secret;

    [[nodiscard]] Json to_json() const;
    static Tokens from_json(const Json& json);
    // Takes over what a token answer holds; the API key and, where the answer has none, the refresh
    // token stay.
    void update(const Json& answer);
};

// What came back, whatever its status.
struct Answer {
    int status = 0;
    Json body;          // null where the body is empty or no JSON
    std::string date{}; // the Date header: the server's clock

    [[nodiscard]] bool good() const { return status >= 200 && status < 300; }
    // The server's own words, for a person; without control characters, at most 300 bytes.
    [[nodiscard]] std::string message() const;
};

// The Error of an answer that is not good.
Error answer_error(const Answer& answer, const std::string& where);

class Api {
  public:
    struct Options {
        std::string ca_file{};
        std::string device_id{};
        // Several short tries in tests; see net::Options.
        std::function<void(std::chrono::milliseconds)> sleep{};
    };
    static Result<Api> open(Server server, Options options);

    [[nodiscard]] const Server& server() const { return server_; }
    [[nodiscard]] const std::string& device_id() const { return options_.device_id; }

    void set_tokens(Tokens tokens) { tokens_ = std::move(tokens); }
    void on_tokens(std::function<Result<void>(const Tokens&)> keep) {
        on_tokens_ = std::move(keep);
    }

    // Without a token. `identity` paths begin with "/connect" or "/accounts".
    Result<Answer> post_form(const std::string& identity_path,
                             const std::vector<net::Header>& form);
    Result<Answer> post_identity(const std::string& identity_path, const Json& body);
    Result<Answer> call_anonymous(const std::string& method, const std::string& api_path,
                                  const Json* body, const Secret* bearer = nullptr);

    // With the token; the path begins with "/" and is below the API's address.
    Result<Answer> call(const std::string& method, const std::string& api_path,
                        const Json* body = nullptr);
    // The same, where anything but success is an Error.
    Result<Json> expect(const std::string& method, const std::string& api_path,
                        const Json* body = nullptr);
    // A multipart form with the one part "data".
    Result<Json> upload(const std::string& api_path, const std::string& file_name,
                        std::string_view content);

    // A file from its own address (or a path of this server), without a token: the storage must not
    // see it.
    Result<Bytes> download(const std::string& address);
    // To the address that the server gave (Azure's blob storage).
    Result<void> put_blob(const std::string& url, std::string_view content);

    Result<void> refresh();

  private:
    Api(Server server, Options options, net::Client client);
    Result<Answer> send(const net::Request& request);
    Result<Answer> authorized(const net::Request& request);
    Result<void> renew_if_needed();
    [[nodiscard]] std::vector<net::Header> headers() const;

    Server server_;
    Options options_;
    net::Client client_;
    Tokens tokens_;
    std::function<Result<void>(const Tokens&)> on_tokens_;
};

} // namespace stanch::vault
