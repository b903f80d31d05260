#include "vault/send.h"

#include "text/encoding.h"
#include "vault/team/send_link.h"

#include <array>
#include <ctime>

namespace stanch::vault {
namespace {

constexpr std::chrono::seconds longest{31 * 86400};

std::string date_after(std::chrono::seconds lifetime) {
    const std::time_t then = std::time(nullptr) + lifetime.count();
    std::tm utc{};
    static_cast<void>(gmtime_r(&then, &utc));
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.000Z", &utc)};
}

Json request_of(const SendRequest& request, const Key& key, const Secret& material,
                const Key& user_key) {
    const bool is_file = !request.file_name.empty();
    Json json = Json::object();
    json.set("type", Json::number(is_file ? 1 : 0));
    json.set("name", Json::string(seal_text(request.name, key)));
    json.set("notes", request.notes.empty() ? Json() : Json::string(seal_text(request.notes, key)));
    json.set("maxAccessCount", request.max_views ? Json::number(*request.max_views) : Json());
    json.set("expirationDate", Json::string(date_after(request.lifetime)));
    json.set("deletionDate", Json::string(date_after(request.lifetime)));
    json.set("key", Json::string(seal_text(material.reveal(), user_key)));
    json.set("emails", Json());
    json.set("disabled", Json::boolean(false));
    json.set("hideEmail", Json::boolean(request.hide_email));
    json.set("authType", Json::number(request.password.empty() ? 2 : 1));
    json.set("password",
             request.password.empty()
                 ? Json()
                 : Json::string(send_password_hash(request.password, material).reveal()));
    if (is_file) {
        json.set("text", Json());
        json.set("file", Json::object())
            .set("fileName", Json::string(seal_text(request.file_name, key)));
    } else {
        Json& text = json.set("text", Json::object());
        text.set("text", Json::string(seal_text(request.content.reveal(), key)));
        text.set("hidden", Json::boolean(false));
        json.set("file", Json());
    }
    return json;
}

Result<void> store_file(Api& api, const Json& place, const std::string& sealed_name,
                        std::string_view sealed) {
    if (place["fileUploadType"].integer() == 1)
        return api.put_blob(std::string(place["url"].text()), sealed);
    const Json& send = place["sendResponse"];
    STANCH_CHECK(api.upload("/sends/" + std::string(send["id"].text()) + "/file/" +
                                std::string(send["file"]["id"].text()),
                            sealed_name, sealed));
    return {};
}

Result<Json> upload_file(Api& api, Json request, const SendRequest& what, const Key& key) {
    const std::string sealed = seal_bytes(what.content.reveal(), key);
    request.set("fileLength", Json::number(static_cast<std::int64_t>(sealed.size())));
    const std::string sealed_name(request["file"]["fileName"].text());
    STANCH_TRY(const Json answer, api.expect("POST", "/sends/file/v2", &request));
    const Json& send = answer["sendResponse"];
    const auto stored = store_file(api, answer, sealed_name, sealed);
    if (!stored) {
        static_cast<void>(api.call("DELETE", "/sends/" + std::string(send["id"].text())));
        return std::unexpected(stored.error());
    }
    return send;
}

} // namespace

Result<Secret> create_send(Vault& vault, const SendRequest& request) {
    if (request.lifetime > longest)
        return fail(ErrorKind::usage, "a Send lives for 31 days at most");
    STANCH_TRY(const Key* user_key, vault.user_key());
    STANCH_TRY(Api * api, vault.online());
    const Secret material = random_bytes(16);
    const Key key = send_key(material);
    Json body = request_of(request, key, material, *user_key);
    STANCH_TRY(const Json send, request.file_name.empty()
                                    ? api->expect("POST", "/sends", &body)
                                    : upload_file(*api, std::move(body), request, key));
    const std::string_view id = send["accessId"].text();
    if (id.empty()) return fail(ErrorKind::invalid, "the server's answer holds no Send");
    return Secret(api->server().send_link() + std::string(id) + "/" +
                  text::base64_encode(material.reveal(), text::Base64::url_bare));
}

namespace {

std::unexpected<Error> gone(const std::string& where) {
    return fail(ErrorKind::not_found,
                "the Send does not exist, has expired, or was read as often as it may be", where,
                "ask its sender for a new one");
}

// Reading one Send, by the new protocol or (where the server has none) the old one.
class Receiver {
  public:
    Receiver(Api& api, const SendLink& link, const std::function<Result<Secret>()>& ask)
        : api_(api), link_(link), ask_(ask) {}

    Result<Json> open() {
        STANCH_TRY(Answer answer, token());
        if (wants_password(answer)) {
            STANCH_CHECK(ask_password());
            STANCH_TRY(answer, token());
        }
        const std::string_view kind = answer.body["send_access_error_type"].text();
        const bool refused_grant = answer.body["error"].text() == "invalid_grant";
        if (kind == "password_hash_b64_invalid" ||
            (answer.status == 404 && refused_grant && kind.empty() && !hash_.empty()))
            return wrong_password();
        if (kind == "send_id_invalid" || (answer.status == 404 && refused_grant))
            return gone(where());
        if (!answer.good()) return open_old();
        token_ = Secret(answer.body["access_token"].text());
        STANCH_TRY(Answer send, api_.call_anonymous("POST", "/sends/access", nullptr, &token_));
        if (send.status == 404) return gone(where());
        if (!send.good()) return std::unexpected(answer_error(send, where()));
        return std::move(send.body);
    }

    Result<std::string> file_url(const Json& send) {
        const std::string file(send["file"]["id"].text());
        Json body = password_body();
        STANCH_TRY(
            const Answer answer,
            token_.empty()
                ? api_.call_anonymous("POST", "/sends/" + link_.access_id + "/access/file/" + file,
                                      &body)
                : api_.call_anonymous("POST", "/sends/access/file/" + file, nullptr, &token_));
        if (!answer.good()) return std::unexpected(answer_error(answer, where()));
        return std::string(answer.body["url"].text());
    }

  private:
    [[nodiscard]] std::string where() const { return net::origin(api_.server().web); }
    [[nodiscard]] std::unexpected<Error> wrong_password() const {
        return fail(ErrorKind::refused, "the Send's password is wrong", where());
    }
    [[nodiscard]] bool wants_password(const Answer& answer) const {
        const std::string_view kind = answer.body["send_access_error_type"].text();
        return hash_.empty() && answer.status == 400 &&
               (kind == "password_hash_b64_required" ||
                (kind.empty() && answer.body["error"].text() == "invalid_request"));
    }

    Result<void> ask_password() {
        STANCH_TRY(const Secret password, ask_());
        hash_ = send_password_hash(password, link_.material);
        return {};
    }

    Result<Answer> token() {
        std::vector<net::Header> form{{"grant_type", "send_access"},
                                      {"client_id", "send"},
                                      {"scope", "api.send.access"},
                                      {"send_id", link_.access_id}};
        if (!hash_.empty()) form.push_back({"password_hash_b64", std::string(hash_.reveal())});
        return api_.post_form("/connect/token", form);
    }

    [[nodiscard]] Json password_body() const {
        Json body = Json::object();
        if (!hash_.empty()) body.set("password", Json::string(hash_.reveal()));
        return body;
    }

    Result<Json> open_old() {
        Json body = password_body();
        STANCH_TRY(Answer answer,
                   api_.call_anonymous("POST", "/sends/access/" + link_.access_id, &body));
        if (answer.status == 401 && hash_.empty()) {
            STANCH_CHECK(ask_password());
            body = password_body();
            STANCH_TRY(answer,
                       api_.call_anonymous("POST", "/sends/access/" + link_.access_id, &body));
        }
        if (answer.status == 404) return gone(where());
        if (answer.status == 400 && !hash_.empty()) return wrong_password();
        if (!answer.good()) return std::unexpected(answer_error(answer, where()));
        return std::move(answer.body);
    }

    Api& api_;
    const SendLink& link_;
    const std::function<Result<Secret>()>& ask_;
    Secret hash_;
    Secret token_;
};

} // namespace

Result<ReceivedSend> receive_send(const Secret& link, const std::string& ca_file,
                                  const std::function<Result<Secret>()>& ask) {
    STANCH_TRY(const SendLink parsed, parse_send_link(link));
    STANCH_TRY(Server server, Server::parse(parsed.server));
    STANCH_TRY(Api api,
               Api::open(std::move(server), {.ca_file = ca_file, .device_id = random_uuid()}));
    Receiver receiver(api, parsed, ask);
    STANCH_TRY(const Json send, receiver.open());
    const Key key = send_key(parsed.material);
    ReceivedSend received;
    if (const auto name = open_text(send["name"].text(), key)) received.name = name->reveal();
    if (send["type"].integer() == 1) {
        STANCH_TRY(const Secret file_name, open_text(send["file"]["fileName"].text(), key));
        received.file_name = file_name.reveal();
        STANCH_TRY(const std::string url, receiver.file_url(send));
        STANCH_TRY(const Bytes content, api.download(url));
        STANCH_TRY(received.content, open_bytes(view(content), key));
        return received;
    }
    STANCH_TRY(received.content, open_text(send["text"]["text"].text(), key));
    return received;
}

} // namespace stanch::vault
