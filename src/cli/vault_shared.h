// What the vault's verbs share: how a password comes in, how a vault is opened, how an item is
// named.
#pragma once

#include "cli/verb.h"

#include "vault/vault.h"

namespace stanch::cli {

// Every way that a password may come in; none of them is the argument list.
inline constexpr Flag password_fd_flag{"--password-fd", 0, "N",
                                       "read the master password from this file descriptor"};
inline constexpr Flag password_keyring_flag{
    "--password-keyring", 0, "NAME",
    "take the master password from this key of the kernel keyring"};
inline constexpr Flag timeout_flag{"--timeout", 0, "TIME",
                                   "lock again after: 15m, 8h (default), 7d"};
inline constexpr Flag yes_flag{"--yes", 'y', "", "do it without asking"};

// The value of an item may come in by these.
inline constexpr Flag value_fd_flag{"--value-fd", 0, "N",
                                    "read the value from this file descriptor"};

// Asks on the terminal where no flag says otherwise.
Result<Secret> master_password(const Arguments& arguments,
                               const std::string& question = "Master password: ");

// One line from the terminal without echo, or everything from the descriptor (one newline at its
// end is dropped).
Result<Secret> secret_input(const Arguments& arguments, std::string_view flag,
                            const std::string& question);

Result<Secret> read_descriptor(const std::string& number);

// "90s", "15m", "8h", "7d"
Result<std::chrono::seconds> parse_duration(std::string_view text);

Result<vault::Vault> open_vault();

// Resumes the session; where it is over, unlocks with the password and starts a new one.
Result<vault::Vault> open_unlocked(const Arguments& arguments);

// "bw://Collection/Item/field", "Item/field", "Item": looked up in this order of readings. `field`
// may be empty.
struct Found {
    vault::Item item;
    std::string field;
};
Result<Found> find_field(vault::Vault& vault, const std::string& words,
                         const std::string& collection = {});

// Asks for yes or no on the terminal; --yes answers. Without a terminal it is a usage error that
// names --yes.
Result<bool> confirmed(const Arguments& arguments, const std::string& question);

// ErrorKind::usage where it can't be one.
Result<void> check_address(const std::string& email);

Result<const std::string*> only_argument(const Arguments& arguments, std::string_view what);

} // namespace stanch::cli
