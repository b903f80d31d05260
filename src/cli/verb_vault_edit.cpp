#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include "vault/edit.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--name", 0, "NAME", "its new name"},
    Flag{"--username", 'u', "NAME", "the login's user name"},
    Flag{"--uri", 0, "URL", "the login's first address"},
    Flag{"--folder", 0, "NAME", "into this folder of your own; empty: into none"},
    Flag{"--collection", 'c', "NAME",
         "into this collection (an item of your own moves into its organization)"},
    Flag{"--favorite", 0, "YES", "yes or no"},
    Flag{
        "--json-fd", 0, "N",
        "read members to change as JSON from this descriptor (the shape that 'get --json' prints)"},
    yes_flag,
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

Result<void> change(const Arguments& arguments, vault::Vault& vault, vault::Item& item) {
    for (const char* flag : {"--username", "--uri"})
        if (arguments.has(flag) && item.type() != static_cast<int>(vault::ItemType::login))
            return fail(ErrorKind::usage, std::string(flag) + " is for logins, and this is a " +
                                              vault::type_name(item.type()));
    for (const char* field : {"name", "username", "uri"})
        if (const auto value = arguments.value("--" + std::string(field)))
            STANCH_CHECK(item.set(field, Secret(*value)));
    if (const auto favorite = arguments.value("--favorite")) {
        if (*favorite != "yes" && *favorite != "no")
            return fail(ErrorKind::usage, "--favorite takes yes or no");
        item.set_plain("favorite", vault::Json::boolean(*favorite == "yes"));
    }
    if (const auto folder = arguments.value("--folder")) {
        if (folder->empty()) {
            item.set_plain("folderId", vault::Json());
        } else {
            STANCH_TRY(const vault::Folder found, vault.find_folder(*folder));
            item.set_plain("folderId", vault::Json::string(found.id));
        }
    }
    if (const auto fd = arguments.value("--json-fd")) {
        STANCH_TRY(const Secret text, read_descriptor(*fd));
        STANCH_TRY(const vault::Json members, vault::Json::parse(text.reveal(), "the item"));
        STANCH_CHECK(vault::apply_plain(item, members));
    }
    return {};
}

Result<int> move(const Arguments& arguments, vault::Vault& vault, const vault::Item& item,
                 const std::string& place) {
    STANCH_TRY(const vault::Collection collection, vault.find_collection(place));
    if (item.organization_id().empty()) {
        STANCH_TRY(
            const bool yes,
            confirmed(arguments, "Give the item to the organization that owns '" + place + "'?"));
        if (!yes) return exit_found;
        STANCH_CHECK(vault.move_to(item, collection));
    } else if (item.organization_id() == collection.organization_id) {
        STANCH_CHECK(vault.set_collections(item, {collection.id}));
    } else {
        return fail(ErrorKind::refused, "the item belongs to another organization");
    }
    tell("Moved.");
    return exit_clean;
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const std::string* words, only_argument(arguments, "ITEM"));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    STANCH_TRY(const vault::Item before, vault.find({.item = *words}));
    STANCH_TRY(vault::Item item, vault.find({.item = before.id()}));
    STANCH_CHECK(change(arguments, vault, item));
    if (item.document() != before.document()) {
        STANCH_CHECK(vault.update(before, std::move(item)));
        tell("Changed.");
    } else if (!arguments.has("--collection")) {
        tell("Nothing to change.");
    }
    const auto place = arguments.value("--collection");
    if (!place) return exit_clean;
    STANCH_TRY(const vault::Item now, vault.find({.item = before.id()}));
    return move(arguments, vault, now, *place);
}

} // namespace

const Verb vault_edit_verb{
    .name = "vault edit",
    .summary = "rename, move or change an item",
    .usage = "ITEM [--name NAME] [--folder NAME] [--collection NAME]",
    .text =
        R"(Secret values are changed by 'stanch vault set', or come as JSON from --json-fd: {"notes":"…","login":{"username":
"…"},"fields":[{"name":"…","value":"…","type":1}]}. Members that are not named stay as they are, those included that only
newer clients know.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
