#include "cli/say.h"
#include "cli/vault_shared.h"
#include "cli/vault_verbs.h"

#include "vault/organization.h"

#include <algorithm>
#include <array>

namespace stanch::cli {
namespace {

constexpr Flag organization_flag{"--org", 0, "NAME", "the organization, where you are in several"};

constexpr std::array organization_flags{
    Flag{"--collection", 'c', "NAME", "the first collection's name (default: Default)"},
    password_fd_flag, password_keyring_flag, timeout_flag};
constexpr std::array collection_flags{
    organization_flag, Flag{"--member", 0, "EMAIL", "who may read it (repeatable)", true},
    password_fd_flag, password_keyring_flag, timeout_flag};
constexpr std::array member_flags{
    organization_flag,
    Flag{"--collection", 'c', "NAME", "what an invited person may read (repeatable)", true},
    Flag{"--role", 0, "ROLE", "of an invited person: user (default), admin or owner"},
    password_fd_flag,
    password_keyring_flag,
    timeout_flag};
constexpr std::array confirm_flags{
    organization_flag,
    Flag{"--fingerprint", 0, "HEX",
         "the key's fingerprint as the person told it: confirms without asking"},
    password_fd_flag, password_keyring_flag, timeout_flag};
constexpr std::array who_flags{Flag{"--collection", 'c', "NAME", "look in this collection only"},
                               password_fd_flag, password_keyring_flag, timeout_flag};

Result<vault::Organization> organization_of(const Arguments& arguments, vault::Vault& vault) {
    return vault.find_organization(arguments.value("--org").value_or(""));
}

std::string person(const vault::Member& member) {
    return member.email.empty()  ? member.name
           : member.name.empty() ? member.email
                                 : member.email + " (" + member.name + ")";
}

Result<vault::Member> find_member(const std::vector<vault::Member>& all, const std::string& who) {
    const std::string email = vault::normalized_email(who);
    const auto at = std::ranges::find_if(all, [&](const vault::Member& m) {
        return m.email == email || m.id == who || m.user_id == who;
    });
    if (at == all.end())
        return fail(ErrorKind::not_found, "the organization has no member '" + who + "'", {},
                    "'stanch vault member' lists them");
    return *at;
}

Result<int> organizations(const Arguments& arguments) {
    const auto& words = arguments.positional();
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    if (words.size() == 2 && words[0] == "create") {
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

Result<int> create_collection(const Arguments& arguments, vault::Vault& vault,
                              const std::string& name) {
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

Result<int> invite(const Arguments& arguments, vault::Vault& vault, const std::string& email) {
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

// What the person says must be what the server says; spaces, dashes and case don't matter.
std::string digits_of(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '-' && c != ' ' && c != ':')
            out += c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
    return out;
}

Result<int> confirm(const Arguments& arguments) {
    STANCH_TRY(const std::string* who, only_argument(arguments, "the member's e-mail address"));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_TRY(const auto organization, organization_of(arguments, vault));
    STANCH_TRY(const auto all, vault::members(vault, organization));
    STANCH_TRY(const vault::Member member, find_member(all, *who));
    if (member.status != vault::MemberStatus::accepted)
        return fail(ErrorKind::refused, person(member) + " is " +
                                            vault::status_name(member.status) +
                                            ", so there is nothing to confirm");
    STANCH_TRY(const vault::MemberKey key, vault::member_key(vault, member.user_id));
    answer("member       " + person(member) + "\nfingerprint  " + key.fingerprint + "\n");
    if (const auto told = arguments.value("--fingerprint")) {
        if (digits_of(*told) != digits_of(key.fingerprint))
            return fail(ErrorKind::refused,
                        "the server gives another key for this person than the one whose "
                        "fingerprint you have",
                        {}, "confirm nobody on this server until that is explained");
    } else {
        STANCH_TRY(
            const bool yes,
            confirmed(arguments, "Does " + member.email +
                                     " see the same fingerprint ('stanch vault fingerprint')?"));
        if (!yes) return exit_found;
    }
    STANCH_CHECK(vault::confirm(vault, organization, member, key));
    tell("Confirmed.");
    return exit_clean;
}

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

Result<int> fingerprint(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_TRY(const std::string own, vault::own_fingerprint(vault));
    answer(own + "\n");
    return exit_clean;
}

constexpr std::array fingerprint_flags{password_fd_flag, password_keyring_flag, timeout_flag};

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

const Verb vault_collection_verb{
    .name = "vault collection",
    .summary = "collections: list, create",
    .usage = "[list | create NAME] [--member EMAIL]",
    .text = "",
    .flags = collection_flags,
    .run = collections,
};

const Verb vault_member_verb{
    .name = "vault member",
    .summary = "an organization's members: list, invite",
    .usage = "[list | invite EMAIL] [--collection NAME]",
    .text = "An invited person accepts, then is confirmed with 'stanch vault confirm'.",
    .flags = member_flags,
    .run = members,
};

const Verb vault_confirm_verb{
    .name = "vault confirm",
    .summary = "let a member in, after comparing the key's fingerprint",
    .usage = "EMAIL [--fingerprint HEX]",
    .text =
        R"(The server hands out the member's public key, and the organization's key is wrapped under it: a server that
lies here could read all of it. So ask the person for the fingerprint that 'stanch vault fingerprint' prints there, over
another channel, before you say yes.)",
    .flags = confirm_flags,
    .run = confirm,
};

const Verb vault_who_verb{
    .name = "vault who",
    .summary = "who can read an item, and through what",
    .usage = "ITEM",
    .text = "Owners and admins reach everything in their organization; others what their "
            "collections hold.",
    .flags = who_flags,
    .run = who,
};

const Verb vault_fingerprint_verb{
    .name = "vault fingerprint",
    .summary = "the fingerprint of your own public key, for those who confirm you",
    .usage = "",
    .text = "SHA-256 of the public key. It is made from your private key here, so the server has "
            "no say in it.",
    .flags = fingerprint_flags,
    .run = fingerprint,
};

} // namespace stanch::cli
