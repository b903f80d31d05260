// The gate of atomic commits as the hooks have it: measured in this process, no program is started.
//
// A commit that is too large is refused by commit-msg, which alone can read the reason
// (`Stanch-Large: …`) that lets it pass; pre-commit says so before the message is written, and
// refuses itself where nobody would read it. What a merge, a rebase or a cherry-pick brings was
// committed before: it is not measured again. A push is measured where the project declares limits,
// since the commits of others are in it too.
#pragma once

#include "commits/gate.h"
#include "core/config.h"
#include "core/result.h"
#include "git/commit_walk.h"
#include "git/index.h"
#include "git/repository.h"

#include <string>
#include <string_view>

namespace stanch::cli {

struct GateSettings {
    commits::Limits limits;
    bool on = true;        // [hook] gate
    bool declared = false; // the project has a [commits] of its own
};
// Errors: a malformed [commits].
Result<GateSettings> gate_settings(ConfigTable& root, ConfigTable& hook);

// Each returns the hook's exit code, what is wrong told already. Errors: objects that can't be
// read.
Result<int> gate_before_message(const git::Repository& repository, const git::Index& index,
                                const GateSettings& settings);
Result<int> gate_message(const git::Repository& repository, const GateSettings& settings,
                         std::string_view message);
Result<int> gate_pushed(const git::Repository& repository, const GateSettings& settings,
                        const git::CommitRange& range);

} // namespace stanch::cli
