// What stays on disk between runs: who is logged in where, and everything that a password or a
// session opens.
//
// $XDG_DATA_HOME/stanch/vault/account.json, 0600. Keys and tokens in it are ciphertext: the user
// key under the master password, the rest under the user key. The device's identifier survives a
// logout, since a new one means a new device: a mail to the user, and on the cloud one more code.
#pragma once

#include "vault/crypto/kdf.h"
#include "vault/wire/json.h"

#include <map>
#include <string>

namespace stanch::vault {

// The two folders that the vault keeps its files in.
struct Place {
    std::string data;
    std::string cache;

    // stanch/vault below the XDG folders. Creates them (0700).
    static Result<Place> standard();
    [[nodiscard]] std::string account_file() const { return data + "/account.json"; }
    [[nodiscard]] std::string session_file() const { return data + "/session"; }
    [[nodiscard]] std::string lock_file() const { return data + "/lock"; }
    [[nodiscard]] std::string cache_file() const { return cache + "/vault.cache"; }
};

struct Account {
    std::string device_id;
    std::string server; // as given to login
    std::string ca_file;
    std::string email;
    std::string user_id; // empty: logged out
    std::string salt;
    Kdf kdf;
    std::string wrapped_key; // the user key under the stretched master key
    std::string private_key; // the RSA key under the user key; may be empty
    std::string tokens;      // Tokens::to_json under the user key
    std::string remember;    // "remember this device", under a key of the master key
    bool item_keys = false;  // whether new items get a key of their own
    std::string stamp;       // the account's security stamp when it logged in

    [[nodiscard]] bool logged_in() const { return !user_id.empty(); }
    // The name of its key in the system's keyring.
    [[nodiscard]] std::string keyring_name() const;

    // A new device where there is no file yet.
    static Result<Account> load(const Place& place);
    [[nodiscard]] Result<void> save(const Place& place) const;
    // Forgets everything but the device.
    void forget();
};

Json kdf_to_json(const Kdf& kdf);

// Both shapes that servers use: {"kdfType","iterations",…} and {"kdf","kdfIterations",…}. nullopt:
// neither.
Result<std::optional<Kdf>> kdf_from_json(const Json& json);

} // namespace stanch::vault
