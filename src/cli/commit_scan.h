// The secrets in what a commit adds: the engine over the new side of a change between two trees.
#pragma once

#include "commits/git.h"

#include "core/result.h"

#include <functional>
#include <string>

namespace stanch::cli {

// An error of kind `refused` where the change from tree `before` to tree `after` brings in a secret
// that no comment allows; it names rule and place, never the value. The engine is made once.
std::function<Result<void>(const commits::Git& git, const std::string& before,
                           const std::string& after)>
commit_scanner();

} // namespace stanch::cli
