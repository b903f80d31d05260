// Sends: one secret behind a link that expires. The key stands behind the '#' of the link, which
// browsers and servers don't pass on; the server holds ciphertext.
#pragma once

#include "vault/vault.h"

namespace stanch::vault {

struct SendRequest {
    std::string name;
    std::string notes;
    Secret content;
    std::string file_name;                // a file's; empty: text
    std::chrono::seconds lifetime{86400}; // at most 31 days
    std::optional<int> max_views;
    Secret password; // empty: none
    bool hide_email = false;
};

// The link.
Result<Secret> create_send(Vault& vault, const SendRequest& request);

struct ReceivedSend {
    std::string name;
    std::string file_name; // empty: text
    Secret content;
};

// Needs no account. `ask` is called where the Send wants a password. The link's server must be
// https (or loopback).
Result<ReceivedSend> receive_send(const Secret& link, const std::string& ca_file,
                                  const std::function<Result<Secret>()>& ask);

} // namespace stanch::vault
