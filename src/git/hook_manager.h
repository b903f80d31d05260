// Hooks of a repository that leaves them to husky or lefthook.
#pragma once

#include "git/hook_place.h"

namespace stanch::git {

// husky (9): .husky/NAME is a script of the team's; a marked line is added to it. The line names no
// path of this machine, since the file is committed.
Result<void> install_in_husky(const HookPlace& place, std::string_view name, HookChanges& changes);
Result<void> uninstall_from_husky(const HookPlace& place, std::string_view name,
                                  HookChanges& changes);
bool stands_in_husky(const HookPlace& place, std::string_view name);

// lefthook: lefthook-local.yml is merged over the team's file and is not committed.
Result<void> install_in_lefthook(const HookPlace& place, const HookOptions& options,
                                 const std::vector<std::string>& names, HookChanges& changes);
Result<void> uninstall_from_lefthook(const HookPlace& place, HookChanges& changes);
bool stands_in_lefthook(const HookPlace& place, std::string_view name);

} // namespace stanch::git
