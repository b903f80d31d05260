// Signing in: the key derivation is asked for and checked, then the token is, with second factors
// as the server wants.
#pragma once

#include "vault/account/account.h"
#include "vault/wire/api.h"

#include <functional>
#include <optional>

namespace stanch::vault {

enum class SecondFactor : std::uint8_t { authenticator = 0, email = 1, yubikey = 3 };

// How the vault asks a person; the verb puts the terminal behind it. Errors pass through.
struct Prompts {
    // A one-time code, or the new-device code from a mail; `question` says which.
    std::function<Result<Secret>(const std::string& question)> code;
    std::function<void(const std::string& line)> tell;
};

struct LoginRequest {
    std::string email;
    Secret password;
    std::optional<SecondFactor> method; // unless the account has only one
    bool remember = false;              // ask no second factor on this device again
    std::string client_id;              // of a personal API key, "user.…"; empty: password
    Secret client_secret;
};

struct LoggedIn {
    Key user_key;
    Tokens tokens;
};

// Fills `account` (it holds the device already). Nothing is written to disk.
Result<LoggedIn> login(Api& api, Account& account, const LoginRequest& request,
                       const Prompts& prompts);

// The user key from the password alone, offline. A wrong password is ErrorKind::refused.
Result<Key> unlock(const Account& account, const Secret& password);

} // namespace stanch::vault
