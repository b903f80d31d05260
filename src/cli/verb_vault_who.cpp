#include "cli/say.h"
#include "cli/vault_team.h"
#include "cli/vault_verbs.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array who_flags{Flag{"--collection", 'c', "NAME", "look in this collection only"},
                               password_fd_flag, password_keyring_flag, timeout_flag};

Result<int> who(const Arguments& arguments) {
    STANCH_TRY(const std::string* words, only_argument(arguments, "ITEM"));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_CHECK(vault.sync());
    STANCH_TRY(const Found found,
               find_field(vault, *words, arguments.value("--collection").value_or("")));
    if (found.item.organization_id().empty()) {
        answer(vault.account().email + "\tonly you\n");
        return exit_clean;
    }
    STANCH_TRY(const auto all, vault::readers(vault, found.item));
    for (const vault::Reader& r : all)
        answer(person(r.member) + "\t" + r.through + "\t" + (r.can_edit ? "edit" : "read") +
               (r.sees_passwords ? "" : ", passwords hidden") +
               (r.member.status == vault::MemberStatus::confirmed
                    ? ""
                    : ", " + vault::status_name(r.member.status)) +
               "\n");
    return exit_clean;
}

} // namespace

const Verb vault_who_verb{
    .name = "vault who",
    .summary = "who can read an item, and through what",
    .usage = "ITEM",
    .text = "Owners and admins reach everything in their organization; others what their "
            "collections hold.",
    .flags = who_flags,
    .run = who,
};

} // namespace stanch::cli
