#include "cli/vault_team.h"

#include <algorithm>

namespace stanch::cli {

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

} // namespace stanch::cli
