// What the verbs of a team have in common: which organization, which member.
#pragma once

#include "cli/vault_shared.h"

#include "vault/organization.h"

namespace stanch::cli {

inline constexpr Flag organization_flag{"--org", 0, "NAME",
                                        "the organization, where you are in several"};

// --org, or the only one.
Result<vault::Organization> organization_of(const Arguments& arguments, vault::Vault& vault);

// "ann@example.com (Ann)"
std::string person(const vault::Member& member);

// By e-mail address or id.
Result<vault::Member> find_member(const std::vector<vault::Member>& all, const std::string& who);

} // namespace stanch::cli
