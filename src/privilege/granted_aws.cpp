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
    const std::string session =
        credential.session == nullptr ? "" : std::string(credential.session->reveal());
    const std::string headers = session.empty()
                                    ? "content-type;host;x-amz-date"
                                    : "content-type;host;x-amz-date;x-amz-security-token";
    const std::string canonical =
        "POST\n/\n\ncontent-type:application/x-www-form-urlencoded\nhost:" + host_of(url) +
        "\nx-amz-date:" + time + (session.empty() ? "" : "\nx-amz-security-token:" + session) +
        "\n\n" + headers + "\n" + sha256_hex(form);
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
    if (!session.empty()) request.headers.push_back({"X-Amz-Security-Token", session});
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

// Whose key it is: arn:aws:iam::1:user/path/NAME, arn:aws:sts::1:assumed-role/NAME/session.
struct Caller {
    std::string kind; // "User", "Role"; empty: neither
    std::string name;
};

Caller caller_of(std::string_view arn) {
    const auto slash = arn.find('/');
    if (slash == std::string_view::npos) return {};
    const std::string_view head = arn.substr(0, slash);
    if (head.ends_with(":user")) return {"User", std::string(arn.substr(arn.rfind('/') + 1))};
    if (!head.ends_with(":assumed-role")) return {};
    const std::string_view rest = arn.substr(slash + 1);
    return {"Role", std::string(rest.substr(0, rest.find('/')))};
}

class Policies {
  public:
    Policies(const Presented& credential, const std::string& url, net::Client& client)
        : credential_(credential), url_(url), client_(client) {}

    Result<Granted> read(const Caller& caller) {
        STANCH_CHECK(of(caller.kind, caller.name));
        if (caller.kind == "User") {
            STANCH_TRY(const auto groups,
                       list("ListGroupsForUser", "&UserName=" + text::percent_encode(caller.name),
                            "GroupName"));
            for (const std::string& group : groups)
                STANCH_CHECK(of("Group", group));
        }
        if (denied_)
            return unknown("the key is not allowed to read its own policies; ask with an "
                           "administrator's profile");
        if (!trouble_.empty()) return unknown("AWS says " + trouble_);
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
        granted.trap = denies_ ? "its policies also deny something, which narrows it further"
                               : "a permissions boundary or a service control policy may narrow it "
                                 "further";
        return granted;
    }

  private:
    Result<std::string> call(const std::string& action, const std::string& more) {
        STANCH_TRY(const net::Response answer,
                   client_.send(signed_request(url_, "iam",
                                               "Action=" + action + "&Version=2010-05-08" + more,
                                               credential_)));
        if (answer.status < 400) return std::string(view(answer.body));
        const auto codes = elements(view(answer.body), "Code");
        const std::string code =
            codes.empty() ? "status " + std::to_string(answer.status) : codes[0];
        if (answer.status == 403)
            denied_ = true;
        else if (code != "NoSuchEntity")
            trouble_ = code; // Throttling, ServiceUnavailable: what was read is not all
        return std::string();
    }

    // All pages of a list.
    Result<std::vector<std::string>> list(const std::string& action, const std::string& more,
                                          std::string_view element) {
        std::vector<std::string> out;
        std::string marker;
        do {
            STANCH_TRY(const std::string xml, call(action, more + marker));
            for (std::string& text : elements(xml, element))
                out.push_back(std::move(text));
            const auto next = elements(xml, "Marker");
            marker =
                elements(xml, "IsTruncated") == std::vector<std::string>{"true"} && !next.empty()
                    ? "&Marker=" + text::percent_encode(next[0])
                    : "";
        } while (!marker.empty());
        return out;
    }

    Result<void> of(const std::string& kind, const std::string& name) {
        const std::string who = "&" + kind + "Name=" + text::percent_encode(name);
        STANCH_TRY(const auto inlined, list("List" + kind + "Policies", who, "member"));
        for (const std::string& policy : inlined) {
            STANCH_TRY(
                const std::string document,
                call("Get" + kind + "Policy", who + "&PolicyName=" + text::percent_encode(policy)));
            for (const std::string& text : elements(document, "PolicyDocument"))
                add(text);
        }
        STANCH_TRY(const auto attached, list("ListAttached" + kind + "Policies", who, "PolicyArn"));
        for (const std::string& arn : attached) {
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

    // A policy document, percent-encoded.
    void add(const std::string& encoded) {
        const PolicyActions read = policy_actions(text::percent_decode(encoded).value_or(encoded));
        actions_.insert(read.allowed.begin(), read.allowed.end());
        denies_ = denies_ || read.denies;
    }

    const Presented& credential_;
    std::string url_;
    net::Client& client_;
    std::set<std::string> actions_;
    bool denied_ = false;
    bool denies_ = false;
    std::string trouble_;
};

} // namespace

Result<Granted> aws_granted(const Presented& credential, const std::string& iam,
                            const std::string& sts, net::Client& client) {
    if (credential.companion == nullptr)
        return unknown("the secret access key that belongs to it was not found");
    if (credential.session == nullptr && credential.value->reveal().starts_with("ASIA"))
        return unknown("a temporary key is read together with its session token "
                       "(AWS_SESSION_TOKEN), which was not found");
    // Never denied to a living key.
    STANCH_TRY(const net::Response who,
               client.send(signed_request(sts, "sts", "Action=GetCallerIdentity&Version=2011-06-15",
                                          credential)));
    const auto codes = elements(view(who.body), "Code");
    const std::string code = codes.empty() ? "" : " (" + codes[0] + ")";
    if (who.status == 403) return dead("AWS does not take it" + code);
    if (who.status >= 400)
        return unknown("AWS answered with status " + std::to_string(who.status) + code);
    const auto arns = elements(view(who.body), "Arn");
    if (!arns.empty() && arns[0].ends_with(":root"))
        return Granted{.state = Granted::State::known,
                       .scopes = {"*"},
                       .access = Access::admin,
                       .trap = "a key of the account's root user may do everything"};
    const Caller caller = arns.empty() ? Caller() : caller_of(arns[0]);
    if (caller.kind.empty())
        return unknown("the key belongs to neither a user nor a role whose policies can be read");
    return Policies(credential, iam, client).read(caller);
}

} // namespace stanch::privilege
