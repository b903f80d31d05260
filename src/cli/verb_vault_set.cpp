#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--field", 'f', "FIELD", "this field of the item, for names with a '/' in them"},
    Flag{"--collection", 'c', "NAME", "look in this collection, folder or organization only"},
    Flag{"--remove", 0, "", "take the field away"},
    value_fd_flag,
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const std::string* words, only_argument(arguments, "ITEM[/FIELD]"));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    STANCH_TRY(Found found,
               find_field(vault, *words, arguments.value("--collection").value_or("")));
    const std::string field = arguments.value("--field").value_or(found.field);
    STANCH_TRY(const vault::Item before, vault.find({.item = found.item.id()}));
    if (arguments.has("--remove")) {
        STANCH_CHECK(found.item.remove(field));
    } else {
        STANCH_TRY(const Secret value, secret_input(arguments, "--value-fd", "New value: "));
        STANCH_CHECK(found.item.set(field, value));
    }
    if (found.item.document() == before.document()) {
        tell("Nothing to change.");
        return exit_clean;
    }
    STANCH_CHECK(vault.update(before, std::move(found.item)));
    tell("Changed.");
    return exit_clean;
}

} // namespace

const Verb vault_set_verb{
    .name = "vault set",
    .summary = "change one value of an item",
    .usage = "ITEM[/FIELD]",
    .text =
        R"(The value is asked for without echo, or read from --value-fd. A replaced password goes into the item's
history; a custom field that isn't there is added, hidden. Where somebody else changed another field of the item
meanwhile, both changes are kept; the same field is refused.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
