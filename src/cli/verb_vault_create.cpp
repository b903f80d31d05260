#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include "vault/edit.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array flags{
    Flag{"--type", 't', "TYPE", "login (default), note, card, identity or ssh-key"},
    Flag{"--username", 'u', "NAME", "the login's user name"},
    Flag{"--uri", 0, "URL", "the login's address"},
    Flag{"--collection", 'c', "NAME", "into this collection of an organization"},
    Flag{"--folder", 0, "NAME", "into this folder of your own"},
    Flag{"--generate", 'g', "", "make up the password: 32 letters and digits"},
    Flag{"--json-fd", 0, "N",
         "read more members as JSON from this descriptor (the shape that 'get --json' prints)"},
    value_fd_flag,
    password_fd_flag,
    password_keyring_flag,
    timeout_flag,
};

Result<void> fill(const Arguments& arguments, vault::Item& item) {
    for (const char* flag : {"--username", "--uri"})
        if (arguments.has(flag) && item.type() != static_cast<int>(vault::ItemType::login))
            return fail(ErrorKind::usage, std::string(flag) + " is for logins only");
    if (const auto name = arguments.value("--username"))
        STANCH_CHECK(item.set("username", Secret(*name)));
    if (const auto uri = arguments.value("--uri")) STANCH_CHECK(item.set("uri", Secret(*uri)));
    if (const auto fd = arguments.value("--json-fd")) {
        STANCH_TRY(const Secret text, read_descriptor(*fd));
        STANCH_TRY(const vault::Json members, vault::Json::parse(text.reveal(), "the item"));
        STANCH_CHECK(vault::apply_plain(item, members));
    }
    if (arguments.has("--generate")) return item.set("", vault::generated_password());
    if (arguments.has("--value-fd") || !arguments.has("--json-fd")) {
        if (item.type() == static_cast<int>(vault::ItemType::identity) &&
            !arguments.has("--value-fd"))
            return {};
        STANCH_TRY(const Secret value, secret_input(arguments, "--value-fd", "Value: "));
        return item.set("", value);
    }
    return {};
}

Result<int> run(const Arguments& arguments) {
    STANCH_TRY(const std::string* name, only_argument(arguments, "the new item's name"));
    if (name->empty()) return fail(ErrorKind::usage, "an item needs a name");
    const auto type = vault::parse_type(arguments.value("--type").value_or("login"));
    if (!type)
        return fail(ErrorKind::usage, "there is no such type of item", {},
                    "login, note, card, identity or ssh-key");
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    std::vector<std::string> collections;
    std::string organization;
    if (const auto place = arguments.value("--collection")) {
        STANCH_TRY(const vault::Collection collection, vault.find_collection(*place));
        collections.push_back(collection.id);
        organization = collection.organization_id;
    }
    STANCH_TRY(vault::Item item, vault.make(*type, Secret(*name), organization));
    if (const auto folder = arguments.value("--folder")) {
        STANCH_TRY(const vault::Folder found, vault.find_folder(*folder));
        item.set_plain("folderId", vault::Json::string(found.id));
    }
    STANCH_CHECK(fill(arguments, item));
    STANCH_TRY(const vault::Item created, vault.create(std::move(item), collections));
    answer(created.id() + "\n");
    return exit_clean;
}

} // namespace

const Verb vault_create_verb{
    .name = "vault create",
    .summary = "a new item",
    .usage = "NAME [--type TYPE]",
    .text =
        R"(The main value (password, note, number, private key) is asked for without echo, read from --value-fd, or made
up by --generate. Further members come as JSON from --json-fd, in the shape that 'stanch vault get --json' prints.
Prints the new item's id.)",
    .flags = flags,
    .run = run,
};

} // namespace stanch::cli
