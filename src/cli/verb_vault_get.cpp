#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include "os/file.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--field", 'f', "FIELD", "this field of the item, for names with a '/' in them"},
    Flag{"--collection", 'c', "NAME", "look in this collection, folder or organization only"},
    Flag{"--attachment", 0, "FILE", "this attachment (its file name or id)"},
    Flag{"--output", 'o', "FILE", "write to this file (0600) instead of standard output"},
    Flag{"--json", 0, "", "the whole item, decrypted, as the server's JSON"},
    Flag{"--fields", 0, "", "only the names of the item's fields"},
    Flag{"--no-newline", 'n', "", "nothing behind the value"},
    Flag{"--sync", 0, "", "fetch what is new first"},
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

Result<int> deliver(const Arguments& arguments, std::string_view value, bool newline) {
    if (const auto path = arguments.value("--output")) {
        STANCH_CHECK(os::write_file(*path, value));
        return exit_clean;
    }
    answer(value);
    if (newline && !arguments.has("--no-newline")) answer("\n");
    return exit_clean;
}

Result<void> ask_again(const Arguments& arguments, vault::Vault& vault, const vault::Item& item) {
    if (!item.asks_password_again()) return {};
    STANCH_TRY(const Secret password,
               master_password(arguments, "This item asks for the master password again: "));
    return vault.check_password(password);
}

Result<int> print(const Arguments& arguments, vault::Vault& vault, const Found& found) {
    STANCH_CHECK(ask_again(arguments, vault, found.item));
    if (arguments.has("--fields")) {
        STANCH_TRY(const auto names, found.item.fields());
        for (const std::string& name : names)
            answer(name + "\n");
        STANCH_TRY(const auto attachments, found.item.attachments());
        for (const vault::Attachment& a : attachments)
            answer("attachment:" + a.file_name + "\n");
        return exit_clean;
    }
    if (arguments.has("--json")) {
        STANCH_TRY(const vault::Json plain, found.item.plain());
        return deliver(arguments, view(plain.dump()), true);
    }
    const std::string field = arguments.value("--field").value_or(found.field);
    const auto attachment = arguments.value("--attachment");
    if (attachment || field.starts_with("attachment:")) {
        STANCH_TRY(const Secret content,
                   vault.download(found.item, attachment.value_or(field.substr(
                                                  std::min<std::size_t>(11, field.size())))));
        return deliver(arguments, content.reveal(), false);
    }
    STANCH_TRY(const Secret value, found.item.value(field));
    return deliver(arguments, value.reveal(), true);
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const std::string* words,
               only_argument(arguments, "ITEM[/FIELD] or bw://Collection/Item/field"));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    if (arguments.has("--sync")) STANCH_CHECK(vault.sync());
    const std::string place = arguments.value("--collection").value_or("");
    auto found = find_field(vault, *words, place);
    if (!found && found.error().kind == ErrorKind::not_found && !arguments.has("--sync")) {
        // It may be newer than the cache; offline, the first answer stands.
        if (const auto fetched = vault.sync(); fetched && *fetched)
            found = find_field(vault, *words, place);
    }
    if (!found) return std::unexpected(found.error());
    return print(arguments, vault, *found);
}

} // namespace

const Verb vault_get_verb{
    .name = "vault get",
    .summary = "one value: a password, a field, a one-time code, an attachment, an SSH key",
    .usage = "ITEM[/FIELD]",
    .text =
        R"(ITEM is an item's name, its id, or a part of its name that only one item has. FIELD is username, password,
totp (the code now), totp-seed, uri, notes, private-key, public-key, …, or the name of a custom field; without one the
main field is printed (password, notes, number, private-key). References are taken too: bw://Collection/Item/field.

The value comes from the cache, offline. An item that isn't there is looked for on the server once.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
