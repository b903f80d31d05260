// The merge driver of the baseline: two branches that both allowed something merge without
// conflict.
#pragma once

#include "git/hook_place.h"

namespace stanch::git {

// merge.stanch in the repository's configuration, and a line in its own attributes file (never in
// one that is committed). Idempotent.
Result<void> install_merge_driver(const HookPlace& place, const HookOptions& options,
                                  HookChanges& changes);
Result<void> uninstall_merge_driver(const HookPlace& place, const HookOptions& options,
                                    HookChanges& changes);

} // namespace stanch::git
