#include "vault/wire/api.h"

#include "text/encoding.h"
#include "vault/crypto/keys.h"

#include <ctime>

namespace stanch::vault {
namespace {

// The official client whose protocol this is. Servers leave out what they think that a client is
// too old for.
constexpr const char* client_version = "2026.9.0";
#if defined(__APPLE__)
constexpr const char* device_type = "24";
#elif defined(_WIN32)
constexpr const char* device_type = "23";
#else
constexpr const char* device_type = "25";
#endif
constexpr std::int64_t renew_before = 60; // seconds

Json body_of(const net::Response& response) {
    auto json = Json::parse(view(response.body), "the answer");
    return json ? std::move(*json) : Json();
}

void add_token(net::Request& request, const Secret& token) {
    request.headers.push_back({"Authorization", "Bearer " + std::string(token.reveal())});
}

net::Request json_request(const std::string& method, const std::string& url,
                          std::vector<net::Header> headers, const Json* body) {
    net::Request request{.method = method, .url = url, .headers = std::move(headers)};
    if (body != nullptr) {
        request.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
        request.body = body->dump();
    }
    return request;
}

} // namespace

Json Tokens::to_json() const {
    Json json = Json::object();
    json.set("access", Json::string(access.reveal()));
    json.set("refresh", Json::string(refresh.reveal()));
    json.set("expires", Json::number(expires));
    json.set("clientId", Json::string(client_id));
    json.set("clientSecret", Json::string(client_secret.reveal()));
    return json;
}

Tokens Tokens::from_json(const Json& json) {
    Tokens tokens;
    tokens.access = Secret(json["access"].text());
    tokens.refresh = Secret(json["refresh"].text());
    tokens.expires = json["expires"].integer().value_or(0);
    tokens.client_id = json["clientId"].text();
    tokens.client_secret = Secret(json["clientSecret"].text());
    return tokens;
}

void Tokens::update(const Json& answer) {
    access = Secret(answer["access_token"].text());
    if (!answer["refresh_token"].text().empty()) refresh = Secret(answer["refresh_token"].text());
    expires = std::time(nullptr) + answer["expires_in"].integer().value_or(3600);
}

Api::Api(Server server, Options options, net::Client client)
    : server_(std::move(server)), options_(std::move(options)), client_(std::move(client)) {}

Result<Api> Api::open(Server server, Options options) {
    net::Options http{.ca_file = options.ca_file, .user_agent = "stanch (Bitwarden client)"};
    http.sleep = options.sleep;
    STANCH_TRY(net::Client client, net::Client::open(std::move(http)));
    return Api(std::move(server), std::move(options), std::move(client));
}

std::vector<net::Header> Api::headers() const {
    return {{"Accept", "application/json"},
            {"Device-Type", device_type},
            {"Bitwarden-Client-Name", "cli"},
            {"Bitwarden-Client-Version", client_version},
            {"Cache-Control", "no-store"}};
}

Result<Answer> Api::send(const net::Request& request) {
    STANCH_TRY(const net::Response response, client_.send(request));
    return Answer{response.status, body_of(response),
                  std::string(response.header("date").value_or(""))};
}

Result<Answer> Api::post_form(const std::string& identity_path,
                              const std::vector<net::Header>& form) {
    net::Request request{
        .method = "POST", .url = server_.identity + identity_path, .headers = headers()};
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
    request.headers.push_back({"Device-Identifier", options_.device_id});
    for (const auto& [name, value] : form) {
        std::string encoded = text::percent_encode(value);
        append(request.body, (request.body.empty() ? "" : "&") + name + "=");
        append(request.body, encoded);
        wipe(encoded);
    }
    return send(request);
}

Result<Answer> Api::post_identity(const std::string& identity_path, const Json& body) {
    net::Request request = json_request("POST", server_.identity + identity_path, headers(), &body);
    request.headers.push_back({"Device-Identifier", options_.device_id});
    return send(request);
}

Result<Answer> Api::call_anonymous(const std::string& method, const std::string& api_path,
                                   const Json* body, const Secret* bearer) {
    net::Request request = json_request(method, server_.api + api_path, headers(), body);
    if (bearer != nullptr)
        add_token(request, *bearer);
    else
        request.headers.push_back({"Device-Identifier", options_.device_id});
    return send(request);
}

Result<void> Api::refresh() {
    std::vector<net::Header> form;
    if (!tokens_.refresh.empty()) {
        form = {{"grant_type", "refresh_token"},
                {"client_id", "cli"},
                {"refresh_token", std::string(tokens_.refresh.reveal())}};
    } else if (!tokens_.client_secret.empty()) {
        form = {{"scope", "api"},
                {"client_id", tokens_.client_id},
                {"deviceType", device_type},
                {"deviceIdentifier", options_.device_id},
                {"deviceName", "stanch"},
                {"grant_type", "client_credentials"},
                {"client_secret", std::string(tokens_.client_secret.reveal())}};
    }
    const Error over{ErrorKind::refused, "the session is over", net::origin(server_.web),
                     "run 'stanch vault login'"};
    if (form.empty()) return std::unexpected(over);
    STANCH_TRY(const Answer answer, post_form("/connect/token", form));
    if (answer.status == 400 || answer.status == 401) return std::unexpected(over);
    if (!answer.good()) return std::unexpected(answer_error(answer, net::origin(server_.web)));
    tokens_.update(answer.body);
    return on_tokens_ ? on_tokens_(tokens_) : Result<void>();
}

Result<void> Api::renew_if_needed() {
    if (std::time(nullptr) + renew_before < tokens_.expires) return {};
    return refresh();
}

Result<Answer> Api::authorized(const net::Request& request) {
    STANCH_CHECK(renew_if_needed());
    for (int tries = 0;; ++tries) {
        net::Request with_token = request;
        add_token(with_token, tokens_.access);
        STANCH_TRY(Answer answer, send(with_token));
        // Refused with a token that is seconds old: it is not the session, but this call that isn't
        // allowed. Some servers say 401 for that too.
        if (answer.status == 401 && tries > 0) answer.status = 403;
        if (answer.status != 401) return answer;
        STANCH_CHECK(refresh());
    }
}

Result<Answer> Api::call(const std::string& method, const std::string& api_path, const Json* body) {
    return authorized(json_request(method, server_.api + api_path, headers(), body));
}

Result<Json> Api::expect(const std::string& method, const std::string& api_path, const Json* body) {
    STANCH_TRY(Answer answer, call(method, api_path, body));
    if (!answer.good()) return std::unexpected(answer_error(answer, net::origin(server_.web)));
    return std::move(answer.body);
}

Result<Json> Api::upload(const std::string& api_path, const std::string& file_name,
                         std::string_view content) {
    const std::string boundary = "stanch-" + random_uuid();
    net::Request request{.method = "POST", .url = server_.api + api_path, .headers = headers()};
    request.headers.push_back({"Content-Type", "multipart/form-data; boundary=" + boundary});
    append(request.body, "--" + boundary +
                             "\r\nContent-Disposition: form-data; name=\"data\"; filename=\"" +
                             file_name + "\"\r\nContent-Type: application/octet-stream\r\n\r\n");
    append(request.body, content);
    append(request.body, "\r\n--" + boundary + "--\r\n");
    STANCH_TRY(Answer answer, authorized(request));
    if (!answer.good()) return std::unexpected(answer_error(answer, net::origin(server_.web)));
    return std::move(answer.body);
}

Result<Bytes> Api::download(const std::string& address) {
    const std::string url = address.starts_with('/') ? server_.web + address : address;
    STANCH_TRY(net::Response response, client_.send({.url = url}));
    if (response.status != 200)
        return fail(ErrorKind::unavailable,
                    "the file cannot be fetched: HTTP " + std::to_string(response.status),
                    net::origin(url));
    return std::move(response.body);
}

Result<void> Api::put_blob(const std::string& url, std::string_view content) {
    net::Request request{.method = "PUT", .url = url, .headers = {{"x-ms-blob-type", "BlockBlob"}}};
    request.body = to_bytes(content);
    STANCH_TRY(const net::Response response, client_.send(request));
    if (response.status / 100 == 2) return {};
    return fail(ErrorKind::unavailable,
                "the file cannot be stored: HTTP " + std::to_string(response.status),
                net::origin(url));
}

} // namespace stanch::vault
