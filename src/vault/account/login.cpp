#include "vault/account/login.h"

#include "vault/crypto/sealed.h"
#include "vault/wire/jwt.h"

#include <algorithm>

namespace stanch::vault {
namespace {

using Form = std::vector<net::Header>;

// The master key and what proves it to the server.
struct Proof {
    Secret master;
    Secret hash;
};

#ifdef __APPLE__
constexpr const char* device_type = "24";
#else
constexpr const char* device_type = "25";
#endif

Form device_fields(const Api& api) {
    return {{"deviceType", device_type},
            {"deviceIdentifier", api.device_id()},
            {"deviceName", "stanch"}};
}

std::string where(const Api& api) {
    return net::origin(api.server().web);
}

Result<void> ask_kdf(Api& api, Account& account) {
    Json question = Json::object();
    question.set("email", Json::string(account.email));
    STANCH_TRY(Answer answer, api.post_identity("/accounts/prelogin/password", question));
    if (answer.status == 404 || answer.status == 405) {
        STANCH_TRY(answer, api.post_identity("/accounts/prelogin", question));
    }
    if (answer.status == 404 || answer.status == 405) {
        STANCH_TRY(answer, api.call_anonymous("POST", "/accounts/prelogin", &question));
    }
    if (answer.status == 404 || answer.status == 405)
        return fail(ErrorKind::not_found, "there is no Bitwarden server at this address",
                    api.server().web, "give the address of its web vault");
    if (!answer.good()) return std::unexpected(answer_error(answer, where(api)));
    const Json& nested = answer.body["kdfSettings"];
    STANCH_TRY(const auto kdf, kdf_from_json(nested.is_null() ? answer.body : nested));
    if (!kdf)
        return fail(ErrorKind::invalid,
                    "the server does not say how to derive the key; is this a Bitwarden server?",
                    where(api));
    account.kdf = *kdf;
    account.salt = answer.body["salt"].text().empty() ? account.email
                                                      : std::string(answer.body["salt"].text());
    return check_strength(account.kdf);
}

Result<Proof> prove(const Account& account, const Secret& password) {
    STANCH_TRY(Secret master, master_key(password, account.salt, account.kdf));
    Secret hash = password_hash(master, password);
    return Proof{std::move(master), std::move(hash)};
}

Key remember_key(const Secret& master) {
    return std::move(
        *Key::from(hkdf_expand(master.reveal(), "stanch remember", Key::size).reveal()));
}

const char* question(SecondFactor method) {
    switch (method) {
    case SecondFactor::authenticator:
        return "Code from your authenticator app: ";
    case SecondFactor::email:
        return "Code from the mail that was sent to you: ";
    case SecondFactor::yubikey:
        return "Touch your YubiKey: ";
    }
    return "";
}

// The numbers of the methods that the server offers: the members of an object, or (old servers, and
// those that leave out what is null) a list.
std::vector<std::string> offered_methods(const Json& answer) {
    std::vector<std::string> numbers;
    for (const auto& [number, data] : answer["twoFactorProviders2"].members())
        numbers.push_back(number);
    if (!numbers.empty()) return numbers;
    for (const Json& number : answer["twoFactorProviders"].items())
        if (const auto value = number.integer()) numbers.push_back(std::to_string(*value));
    return numbers;
}

// The method that was asked for, or the first that both sides can.
Result<SecondFactor> choose(const std::vector<std::string>& offered,
                            std::optional<SecondFactor> wanted, const std::string& server) {
    std::string names;
    for (const std::string& number : offered)
        names += (names.empty() ? "" : ", ") + number;
    const auto has = [&](SecondFactor f) {
        return std::ranges::find(offered, std::to_string(static_cast<int>(f))) != offered.end();
    };
    if (wanted && has(*wanted)) return *wanted;
    if (!wanted)
        for (const auto f :
             {SecondFactor::authenticator, SecondFactor::yubikey, SecondFactor::email})
            if (has(f)) return f;
    return fail(
        ErrorKind::refused,
        "this account's second factor is none that stanch can use (the server offers providers " +
            names + ")",
        server, "log in with a personal API key (--api-key), or add an authenticator app");
}

Result<void> request_mail(Api& api, const Account& account, const Proof& proof) {
    Json body = Json::object();
    body.set("email", Json::string(account.email));
    body.set("masterPasswordHash", Json::string(proof.hash.reveal()));
    body.set("deviceIdentifier", Json::string(api.device_id()));
    STANCH_TRY(const Answer answer,
               api.call_anonymous("POST", "/two-factor/send-email-login", &body));
    if (!answer.good()) return std::unexpected(answer_error(answer, where(api)));
    return {};
}

bool wants_second_factor(const Answer& answer) {
    return answer.status == 400 && !offered_methods(answer.body).empty();
}

bool wants_device_code(const Answer& answer) {
    return answer.status == 400 &&
           (answer.message().find("new device verification required") != std::string::npos ||
            answer.body["error"].text() == "device_error");
}

// One password login: gives what the server asks for, each thing at most once.
class PasswordGrant {
  public:
    PasswordGrant(Api& api, Account& account, const LoginRequest& request, const Prompts& prompts,
                  const Proof& proof)
        : api_(api), account_(account), request_(request), prompts_(prompts), proof_(proof) {}

    Result<Answer> run() {
        STANCH_TRY(Answer answer, attempt(remembered()));
        if (wants_second_factor(answer)) {
            STANCH_TRY(const Form more, second_factor(offered_methods(answer.body)));
            STANCH_TRY(answer, attempt(more));
        }
        if (wants_device_code(answer)) {
            STANCH_TRY(const Secret code,
                       prompts_.code("Code from the mail about this new device: "));
            STANCH_TRY(answer, attempt({{"newDeviceOtp", std::string(code.reveal())}}));
        }
        keep_remember_token(answer);
        return answer;
    }

  private:
    Result<Answer> attempt(const Form& more) {
        Form form{{"scope", "api offline_access"}, {"client_id", "cli"}};
        for (net::Header& field : device_fields(api_))
            form.push_back(std::move(field));
        form.push_back({"grant_type", "password"});
        form.push_back({"username", account_.email});
        form.push_back({"password", std::string(proof_.hash.reveal())});
        form.insert(form.end(), more.begin(), more.end());
        return api_.post_form("/connect/token", form);
    }

    Form remembered() {
        const auto token = open_text(account_.remember, remember_key(proof_.master));
        if (!token) return {};
        return {{"twoFactorToken", std::string(token->reveal())},
                {"twoFactorProvider", "5"},
                {"twoFactorRemember", "0"}};
    }

    Result<Form> second_factor(const std::vector<std::string>& offered) {
        STANCH_TRY(const SecondFactor method, choose(offered, request_.method, where(api_)));
        if (method == SecondFactor::email) STANCH_CHECK(request_mail(api_, account_, proof_));
        STANCH_TRY(const Secret code, prompts_.code(question(method)));
        return Form{{"twoFactorToken", std::string(code.reveal())},
                    {"twoFactorProvider", std::to_string(static_cast<int>(method))},
                    {"twoFactorRemember", request_.remember ? "1" : "0"}};
    }

    void keep_remember_token(const Answer& answer) {
        const std::string_view token = answer.body["twoFactorToken"].text();
        if (!token.empty()) account_.remember = seal_text(token, remember_key(proof_.master));
    }

    Api& api_;
    Account& account_;
    const LoginRequest& request_;
    const Prompts& prompts_;
    const Proof& proof_;
};

Result<Answer> api_key_grant(Api& api, const LoginRequest& request) {
    Form form{{"scope", "api"}, {"client_id", request.client_id}};
    for (net::Header& field : device_fields(api))
        form.push_back(std::move(field));
    form.push_back({"grant_type", "client_credentials"});
    form.push_back({"client_secret", std::string(request.client_secret.reveal())});
    return api.post_form("/connect/token", form);
}

bool present(const Json& json) {
    return !json.is_null() && !(json.is_string() && json.text().empty());
}

Result<void> refuse_version_2(const Json& answer, const std::string& server) {
    const Json& keys = answer["accountKeys"];
    if (!present(keys["signatureKeyPair"]) && !present(keys["securityState"])) return {};
    return fail(ErrorKind::refused,
                "this account uses account encryption version 2, which stanch does not support yet",
                server, "nothing was changed; use the official client for this account");
}

Result<void> take_keys(Account& account, const Json& answer, const std::string& server) {
    STANCH_CHECK(refuse_version_2(answer, server));
    const Json& options = answer["userDecryptionOptions"];
    if (options.is_object() && !options["hasMasterPassword"].truth(true))
        return fail(ErrorKind::refused,
                    "this account has no master password (single sign-on with trusted devices or a "
                    "key connector)",
                    server, "stanch needs a master password to open the vault");
    const Json& unlocking = options["masterPasswordUnlock"];
    STANCH_TRY(const auto kdf, kdf_from_json(unlocking.is_null() ? answer : unlocking["kdf"]));
    if (kdf) account.kdf = *kdf;
    STANCH_CHECK(check_strength(account.kdf));
    if (present(unlocking["salt"])) account.salt = unlocking["salt"].text();
    for (const Json* key : {&unlocking["masterKeyWrappedUserKey"],
                            &unlocking["masterKeyEncryptedUserKey"], &answer["key"]})
        if (account.wrapped_key.empty()) account.wrapped_key = key->text();
    const Json& pair = answer["accountKeys"]["publicKeyEncryptionKeyPair"]["wrappedPrivateKey"];
    account.private_key = present(pair) ? pair.text() : answer["privateKey"].text();
    if (account.wrapped_key.empty())
        return fail(ErrorKind::refused,
                    "the account has no wrapped key: it is very old, or not set up yet", server,
                    "log in once in the web vault, which brings it up to date");
    return {};
}

Result<void> take_identity(Account& account, const Json& answer) {
    STANCH_TRY(const Json token, claims(answer["access_token"].text()));
    account.user_id = token["sub"].text();
    account.stamp = token["sstamp"].text();
    if (account.user_id.empty())
        return fail(ErrorKind::invalid, "the server's token names no user");
    return {};
}

void ask_features(Api& api, Account& account) {
    const auto answer = api.call_anonymous("GET", "/config", nullptr);
    account.item_keys = answer && answer->body["featureStates"]["cipher-key-encryption"].truth();
}

} // namespace

Result<LoggedIn> login(Api& api, Account& account, const LoginRequest& request,
                       const Prompts& prompts) {
    const std::string remember =
        account.email == normalized_email(request.email) ? account.remember : "";
    account.forget();
    account.remember = remember;
    account.email = normalized_email(request.email);
    STANCH_CHECK(ask_kdf(api, account));
    STANCH_TRY(const Proof proof, prove(account, request.password));
    STANCH_TRY(Answer answer, request.client_id.empty()
                                  ? PasswordGrant(api, account, request, prompts, proof).run()
                                  : api_key_grant(api, request));
    if (!answer.good()) return std::unexpected(answer_error(answer, where(api)));
    STANCH_CHECK(take_identity(account, answer.body));
    STANCH_CHECK(take_keys(account, answer.body, where(api)));
    auto user_key = unlock(account, request.password);
    if (!user_key) return std::unexpected(std::move(user_key).error());
    ask_features(api, account);
    LoggedIn in{std::move(*user_key), {}};
    in.tokens.client_id = request.client_id;
    in.tokens.client_secret = request.client_secret.copy();
    in.tokens.update(answer.body);
    return in;
}

Result<Key> unlock(const Account& account, const Secret& password) {
    STANCH_TRY(const Secret master, master_key(password, account.salt, account.kdf));
    auto key = open_key(account.wrapped_key, stretch(master));
    if (!key && key.error().what.find("MAC") != std::string::npos)
        return fail(ErrorKind::refused, "the master password is wrong");
    return key;
}

} // namespace stanch::vault
