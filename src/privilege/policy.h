// The smallest policy that lets the code do what it does, in the provider's own words.
//
//     aws        an IAM policy (JSON, version 2012-10-17): actions, on the resources that the code
//     names literally github     permissions of a fine-grained token or app (JSON) slack      OAuth
//     scopes (JSON list)         stripe   permissions of a restricted key (JSON) postgres   GRANT
//     statements for a role      redis    a line for ACL SETUSER
#pragma once

#include "core/result.h"
#include "privilege/needs.h"

#include <span>
#include <string>
#include <vector>

namespace stanch::privilege {

// "aws", "github", …: the providers above.
std::span<const std::string_view> policy_providers();

// `subject` is the role or user that the policy is for (postgres, redis). Needs of other providers
// are left out. Error: `usage` for a provider without policies.
Result<std::string> policy_for(std::string_view provider, std::span<const Need> needs,
                               std::string_view subject);

// The permissions of a provider's needs, sorted: "s3:GetObject", "issues:write", "SELECT users",
// "+get".
std::vector<std::string> needed_permissions(std::string_view provider, std::span<const Need> needs);
// The widest access among a provider's needs.
Access needed_access(std::string_view provider, std::span<const Need> needs);

// Whether an IAM pattern ("s3:*", "s3:Get*") covers an action; without regard to case.
bool action_matches(std::string_view pattern, std::string_view action);

} // namespace stanch::privilege
