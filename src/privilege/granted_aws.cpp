// AWS: IAM's query API, signed with the key itself (Signature Version 4). What the key's user may
// do is the union of its own policies and its groups'.
#include "privilege/granted_parts.h"
#include "text/encoding.h"

#include <array>
#include <chrono>
#include <ctime>
#include <set>
#include <sodium.h>

namespace stanch::privilege {
namespace {

using Hash = std::array<unsigned char, 32>;

std::string_view bytes(const Hash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

Hash hmac(std::string_view key, std::string_view message) {
    Hash out{};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()),
                                key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(message.data()),
                                  message.size());
    crypto_auth_hmacsha256_final(&state, out.data());
    sodium_memzero(&state, sizeof state);
    return out;
}

std::string sha256_hex(std::string_view text) {
    Hash out{};
    crypto_hash_sha256(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size());
    return text::hex_encode(bytes(out));
}

std::string stamp(std::time_t now) {
    std::tm parts{};
    if (gmtime_r(&now, &parts) == nullptr) return {};
    std::array<char, 20> out{};
    return {out.data(), std::strftime(out.data(), out.size(), "%Y%m%dT%H%M%SZ", &parts)};
}

std::string host_of(const std::string& url) {
    const auto start = url.find("://") + 3;
    return url.substr(start, url.find('/', start) - start);
}

// docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
net::Request signed_request(const std::string& url, const std::string& service,
                            const std::string& form, const Presented& credential) {
    const std::string time =
        stamp(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
    const std::string day = time.substr(0, 8);
    const std::string scope = day + "/us-east-1/" + service + "/aws4_request";
    const std::string headers = "content-type;host;x-amz-date";
    const std::string canonical =
        "POST\n/\n\ncontent-type:application/x-www-form-urlencoded\nhost:" + host_of(url) +
        "\nx-amz-date:" + time + "\n\n" + headers + "\n" + sha256_hex(form);
    const std::string to_sign =
        "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256_hex(canonical);
    std::string start = "AWS4" + std::string(credential.companion->reveal());
    Hash key = hmac(start, day);
    wipe(start);
    for (const std::string& part : {std::string("us-east-1"), service, std::string("aws4_request")})
        key = hmac(bytes(key), part);
    const std::string signature = text::hex_encode(bytes(hmac(bytes(key), to_sign)));
    sodium_memzero(key.data(), key.size());
    net::Request request{.method = "POST", .url = url + "/"};
    request.headers = {
        {"Content-Type", "application/x-www-form-urlencoded"},
        {"X-Amz-Date", time},
        {"Authorization", "AWS4-HMAC-SHA256 Credential=" + std::string(credential.value->reveal()) +
                              "/" + scope + ", SignedHeaders=" + headers +
                              ", Signature=" + signature}};
    request.body = to_bytes(form);
    return request;
}

// Every <name>text</name>; the answers are flat enough for it.
std::vector<std::string> elements(std::string_view xml, std::string_view name) {
    std::vector<std::string> out;
    const std::string open = "<" + std::string(name) + ">";
    const std::string close = "</" + std::string(name) + ">";
    for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at)) {
        at += open.size();
        const auto end = xml.find(close, at);
        if (end == std::string_view::npos) break;
        out.emplace_back(xml.substr(at, end - at));
        at = end;
    }
    return out;
}

class Policies {
  public:
    Policies(const Presented& credential, const std::string& url, net::Client& client)
        : credential_(credential), url_(url), client_(client) {}

    Result<Granted> read() {
        STANCH_TRY(const std::string user_xml, call("GetUser", ""));
        const auto names = elements(user_xml, "UserName");
        if (denied_ || names.empty()) return cannot();
        STANCH_CHECK(of("User", names[0]));
        STANCH_TRY(const std::string groups,
                   call("ListGroupsForUser", "&UserName=" + text::percent_encode(names[0])));
        for (const std::string& group : elements(groups, "GroupName"))
            STANCH_CHECK(of("Group", group));
        if (denied_) return cannot();
        Granted granted{.state = Granted::State::known,
                        .scopes = {actions_.begin(), actions_.end()},
                        .access = Access::read};
        for (const std::string& action : actions_) {
            const std::string name = action.substr(action.find(':') + 1);
            const bool reads = name.starts_with("Get") || name.starts_with("List") ||
                               name.starts_with("Describe") || name.starts_with("Head") ||
                               name.starts_with("BatchGet");
            if (action == "*" || name == "*")
                granted.access = Access::admin;
            else if (!reads && granted.access == Access::read)
                granted.access = Access::write;
        }
        granted.trap = "a permissions boundary, a service control policy and Deny statements may "
                       "narrow it further";
        return granted;
    }

  private:
    static Granted cannot() {
        return unknown(
            "the key is not allowed to read its own policies; ask with an administrator's profile");
    }

    Result<std::string> call(const std::string& action, const std::string& more) {
        STANCH_TRY(const net::Response answer,
                   client_.send(signed_request(url_, "iam",
                                               "Action=" + action + "&Version=2010-05-08" + more,
                                               credential_)));
        if (answer.status == 403) denied_ = true;
        if (answer.status >= 500)
            return fail(ErrorKind::unavailable,
                        "AWS answered with status " + std::to_string(answer.status));
        if (answer.status >= 400) return std::string();
        return std::string(view(answer.body));
    }

    Result<void> of(const std::string& kind, const std::string& name) {
        const std::string who = "&" + kind + "Name=" + text::percent_encode(name);
        STANCH_TRY(const std::string inlined, call("List" + kind + "Policies", who));
        for (const std::string& policy : elements(inlined, "member")) {
            STANCH_TRY(
                const std::string document,
                call("Get" + kind + "Policy", who + "&PolicyName=" + text::percent_encode(policy)));
            for (const std::string& text : elements(document, "PolicyDocument"))
                add(text);
        }
        STANCH_TRY(const std::string attached, call("ListAttached" + kind + "Policies", who));
        for (const std::string& arn : elements(attached, "PolicyArn")) {
            STANCH_TRY(const std::string policy,
                       call("GetPolicy", "&PolicyArn=" + text::percent_encode(arn)));
            for (const std::string& version : elements(policy, "DefaultVersionId")) {
                STANCH_TRY(const std::string document,
                           call("GetPolicyVersion", "&PolicyArn=" + text::percent_encode(arn) +
                                                        "&VersionId=" + version));
                for (const std::string& text : elements(document, "Document"))
                    add(text);
            }
        }
        return {};
    }

    // A policy document, percent-encoded. Statement and Action may be one or a list.
    void add(const std::string& encoded) {
        const std::string document = text::percent_decode(encoded).value_or(encoded);
        for (const std::string_view path : {"Statement/*/Action/*", "Statement/*/Action",
                                            "Statement/Action/*", "Statement/Action"})
            for (std::string& action : json_texts(document, path))
                actions_.insert(std::move(action));
        if (!json_texts(document, "Statement/*/NotAction").empty() ||
            !json_texts(document, "Statement/*/NotAction/*").empty())
            actions_.insert("*");
    }

    const Presented& credential_;
    std::string url_;
    net::Client& client_;
    std::set<std::string> actions_;
    bool denied_ = false;
};

} // namespace

Result<Granted> aws_granted(const Presented& credential, const std::string& iam,
                            const std::string& sts, net::Client& client) {
    if (credential.companion == nullptr)
        return unknown("the secret access key that belongs to it was not found");
    // Never denied to a living key.
    STANCH_TRY(const net::Response who,
               client.send(signed_request(sts, "sts", "Action=GetCallerIdentity&Version=2011-06-15",
                                          credential)));
    if (who.status == 403) return dead("AWS does not take it");
    return Policies(credential, iam, client).read();
}

} // namespace stanch::privilege
