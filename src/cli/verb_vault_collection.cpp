#include "cli/say.h"
#include "cli/vault_team.h"
#include "cli/vault_verbs.h"

#include <algorithm>
#include <array>

namespace stanch::cli {
namespace {

constexpr std::array collection_flags{
    organization_flag, Flag{"--member", 0, "EMAIL", "who may read it (repeatable)", true},
    password_fd_flag, password_keyring_flag, timeout_flag};

Result<int> create_collection(const Arguments& arguments, vault::Vault& vault,
                              const std::string& name) {
    if (name.empty()) return fail(ErrorKind::usage, "a collection needs a name");
    STANCH_TRY(const auto organization, organization_of(arguments, vault));
    std::vector<vault::Member> readers;
    if (arguments.has("--member")) {
        STANCH_TRY(const auto all, vault::members(vault, organization));
        for (const std::string& who : arguments.values("--member")) {
            STANCH_TRY(vault::Member member, find_member(all, who));
            readers.push_back(std::move(member));
        }
    }
    STANCH_TRY(const auto made, vault::create_collection(vault, organization, name, readers));
    answer(made.id + "\n");
    return exit_clean;
}

Result<int> collections(const Arguments& arguments) {
    const auto& words = arguments.positional();
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    if (words.size() == 2 && words[0] == "create")
        return create_collection(arguments, vault, words[1]);
    if (!words.empty() && !(words.size() == 1 && words[0] == "list"))
        return fail(ErrorKind::usage, "'stanch vault collection' takes: list, create NAME");
    STANCH_TRY(const auto all, vault.collections());
    STANCH_TRY(const auto owners, vault.organizations());
    for (const vault::Collection& c : all) {
        const auto owner = std::ranges::find(owners, c.organization_id, &vault::Organization::id);
        answer(c.id + "\t" + (owner == owners.end() ? c.organization_id : owner->name) + "\t" +
               c.name + "\n");
    }
    return exit_clean;
}

} // namespace

const Verb vault_collection_verb{
    .name = "vault collection",
    .summary = "collections: list, create",
    .usage = "[list | create NAME] [--member EMAIL]",
    .text = "",
    .flags = collection_flags,
    .run = collections,
};

} // namespace stanch::cli
