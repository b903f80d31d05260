#include "cli/say.h"
#include "cli/vault_team.h"
#include "cli/vault_verbs.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array member_flags{
    organization_flag,
    Flag{"--collection", 'c', "NAME", "what an invited person may read (repeatable)", true},
    Flag{"--role", 0, "ROLE", "of an invited person: user (default), admin or owner"},
    password_fd_flag,
    password_keyring_flag,
    timeout_flag};

Result<int> invite(const Arguments& arguments, vault::Vault& vault, const std::string& email) {
    STANCH_CHECK(check_address(email));
    STANCH_TRY(const auto organization, organization_of(arguments, vault));
    const std::string role = arguments.value("--role").value_or("user");
    int type = 2;
    if (role == "owner")
        type = 0;
    else if (role == "admin")
        type = 1;
    else if (role != "user")
        return fail(ErrorKind::usage, "there is no role '" + role + "'", {},
                    "user, admin or owner");
    std::vector<vault::Collection> readable;
    for (const std::string& name : arguments.values("--collection")) {
        STANCH_TRY(vault::Collection collection, vault.find_collection(name));
        readable.push_back(std::move(collection));
    }
    STANCH_CHECK(vault::invite(vault, organization, email, type, readable));
    tell("Invited. Once the person has accepted: stanch vault confirm " + email);
    return exit_clean;
}

Result<int> members(const Arguments& arguments) {
    const auto& words = arguments.positional();
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    if (words.size() == 2 && words[0] == "invite") return invite(arguments, vault, words[1]);
    if (!words.empty() && !(words.size() == 1 && words[0] == "list"))
        return fail(ErrorKind::usage, "'stanch vault member' takes: list, invite EMAIL");
    STANCH_TRY(const auto organization, organization_of(arguments, vault));
    STANCH_TRY(const auto all, vault::members(vault, organization));
    for (const vault::Member& m : all)
        answer(m.id + "\t" + vault::status_name(m.status) + "\t" + vault::role_name(m.type) + "\t" +
               person(m) + "\n");
    return exit_clean;
}

} // namespace

const Verb vault_member_verb{
    .name = "vault member",
    .summary = "an organization's members: list, invite",
    .usage = "[list | invite EMAIL] [--collection NAME]",
    .text = "An invited person accepts, then is confirmed with 'stanch vault confirm'.",
    .flags = member_flags,
    .run = members,
};

} // namespace stanch::cli
