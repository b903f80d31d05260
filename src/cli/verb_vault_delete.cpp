#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array delete_flags{
    Flag{"--permanently", 0, "", "not into the trash: for good"},
    Flag{"--collection", 'c', "NAME", "look in this collection, folder or organization only"},
    yes_flag,
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

constexpr std::array restore_flags{password_fd_flag, password_keyring_flag, timeout_flag};

Result<int> remove(const Arguments& arguments) {
    STANCH_TRY(const std::string* words, only_argument(arguments, "ITEM"));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    const bool forever = arguments.has("--permanently");
    const std::string place = arguments.value("--collection").value_or("");
    auto item = vault.find({.item = *words, .collection = place});
    if (!item && forever) item = vault.find({.item = *words, .collection = place, .deleted = true});
    if (!item) return std::unexpected(item.error());
    STANCH_TRY(const Secret name, item->name());
    STANCH_TRY(const bool yes,
               confirmed(arguments, (forever ? "Delete '" : "Move '") + std::string(name.reveal()) +
                                        (forever ? "' for good?" : "' to the trash?")));
    if (!yes) return exit_found;
    STANCH_CHECK(forever ? vault.destroy(*item) : vault.trash(*item));
    tell(forever ? "Deleted." : "In the trash; 'stanch vault restore' brings it back.");
    return exit_clean;
}

Result<int> restore(const Arguments& arguments) {
    STANCH_TRY(const std::string* words, only_argument(arguments, "ITEM"));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    STANCH_TRY(const vault::Item item, vault.find({.item = *words, .deleted = true}));
    STANCH_CHECK(vault.restore(item));
    tell("Restored.");
    return exit_clean;
}

} // namespace

const Verb vault_delete_verb{
    .name = "vault delete",
    .summary = "an item into the trash, or for good",
    .usage = "ITEM [--permanently]",
    .text = "Asks first (--yes answers). The server empties its trash after 30 days.",
    .flags = delete_flags,
    .run = remove,
};

const Verb vault_restore_verb{
    .name = "vault restore",
    .summary = "an item out of the trash",
    .usage = "ITEM",
    .text = "'stanch vault list --trash' shows what is there.",
    .flags = restore_flags,
    .run = restore,
};

} // namespace stanch::cli
