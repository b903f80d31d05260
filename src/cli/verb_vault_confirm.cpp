#include "cli/say.h"
#include "cli/vault_team.h"
#include "cli/vault_verbs.h"

#include <array>

namespace stanch::cli {
namespace {

constexpr std::array confirm_flags{
    organization_flag,
    Flag{"--fingerprint", 0, "WORDS",
         "the phrase (or SHA-256) as the person told it: confirms without asking"},
    password_fd_flag, password_keyring_flag, timeout_flag};

constexpr std::array fingerprint_flags{
    Flag{"--sha256", 0, "", "the whole SHA-256 of the key instead of the phrase"}, password_fd_flag,
    password_keyring_flag, timeout_flag};

// What the person says must be what the server says; spaces, dashes and case don't matter.
std::string bare(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '-' && c != ' ' && c != ':')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

bool is_this_key(const vault::MemberKey& key, std::string_view told) {
    return bare(told) == bare(key.phrase) || bare(told) == bare(key.fingerprint);
}

Result<int> confirm(const Arguments& arguments) {
    STANCH_TRY(const std::string* who, only_argument(arguments, "the member's e-mail address"));
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_TRY(const auto organization, organization_of(arguments, vault));
    STANCH_TRY(const auto all, vault::members(vault, organization));
    STANCH_TRY(const vault::Member member, find_member(all, *who));
    if (member.status == vault::MemberStatus::invited)
        return fail(ErrorKind::refused, person(member) + " has not accepted the invitation yet", {},
                    "once that is done, confirm again");
    if (member.status != vault::MemberStatus::accepted)
        return fail(ErrorKind::refused, person(member) + " is " +
                                            vault::status_name(member.status) +
                                            ", so there is nothing to confirm");
    STANCH_TRY(const vault::MemberKey key, vault::member_key(vault, member.user_id));
    answer("member       " + person(member) + "\nfingerprint  " + key.phrase + "\nsha256       " +
           key.fingerprint + "\n");
    if (const auto told = arguments.value("--fingerprint")) {
        if (!is_this_key(key, *told))
            return fail(ErrorKind::refused,
                        "the server gives another key for this person than the one whose "
                        "fingerprint you have",
                        {}, "confirm nobody on this server until that is explained");
    } else {
        auto yes = confirmed(arguments,
                             "Does " + member.email +
                                 " see the same fingerprint ('stanch vault fingerprint', or the "
                                 "official clients under My account)?");
        if (!yes) {
            yes.error().hint = "say --fingerprint WORDS, as the person told you";
            return std::unexpected(std::move(yes).error());
        }
        if (!*yes) return exit_found;
    }
    STANCH_CHECK(vault::confirm(vault, organization, member, key));
    tell("Confirmed.");
    return exit_clean;
}

Result<int> fingerprint(const Arguments& arguments) {
    STANCH_TRY(vault::Vault vault, open_unlocked(arguments));
    STANCH_TRY(const vault::MemberKey own, vault::own_key(vault));
    answer((arguments.has("--sha256") ? own.fingerprint : own.phrase) + "\n");
    return exit_clean;
}

} // namespace

const Verb vault_confirm_verb{
    .name = "vault confirm",
    .summary = "let a member in, after comparing the key's fingerprint",
    .usage = "EMAIL [--fingerprint WORDS]",
    .text =
        R"(The server hands out the member's public key, and the organization's key is wrapped under it: a server that
lies here could read all of it. So ask the person for the phrase that 'stanch vault fingerprint' (or 'bw get fingerprint
me', or the account settings of the official clients) shows there, over another channel, before you say yes.)",
    .flags = confirm_flags,
    .run = confirm,
};

const Verb vault_fingerprint_verb{
    .name = "vault fingerprint",
    .summary = "the fingerprint of your own public key, for those who confirm you",
    .usage = "",
    .text = "Five words, the same as in the official clients. They are made from your private key "
            "here, so the server has no say in them.",
    .flags = fingerprint_flags,
    .run = fingerprint,
};

} // namespace stanch::cli
