#include "cli/say.h"
#include "cli/vault_team.h"
#include "cli/vault_verbs.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array organization_flags{
    Flag{"--collection", 'c', "NAME", "the first collection's name (default: Default)"},
    password_fd_flag, password_keyring_flag, timeout_flag};

Result<int> organizations(const Arguments& arguments) {
    const auto& words = arguments.positional();
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    if (words.size() == 2 && words[0] == "create") {
        if (words[1].empty()) return fail(ErrorKind::usage, "an organization needs a name");
        STANCH_TRY(const auto made,
                   vault::create_organization(vault, words[1],
                                              arguments.value("--collection").value_or("Default")));
        answer(made.id + "\n");
        return exit_clean;
    }
    if (!words.empty() && !(words.size() == 1 && words[0] == "list"))
        return fail(ErrorKind::usage, "'stanch vault org' takes: list, create NAME");
    STANCH_TRY(const auto all, vault.organizations());
    for (const vault::Organization& o : all)
        answer(o.id + "\t" + vault::role_name(o.type) + "\t" + o.name + "\n");
    return exit_clean;
}

} // namespace

const Verb vault_org_verb{
    .name = "vault org",
    .summary = "organizations: list, create",
    .usage = "[list | create NAME]",
    .text = "An organization owns the credentials that a team shares; its collections say who may "
            "read which.",
    .flags = organization_flags,
    .run = organizations,
};

} // namespace stanch::cli
