// Values that stand elsewhere: a variable holds a reference, and gets the value when a program is
// started.
//
//     bw://Collection/Item/field    Bitwarden, through the resolver that the verb hands in
//     file:///run/secrets/name      a file, without its last newline (relative:
//     file://secrets/name) exec:COMMAND ARG…             what a command prints, without its last
//     newline; no shell takes part
//
// Thread-safe.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

using Resolver = std::function<Result<Secret>(std::string_view reference)>;

struct References {
    Resolver vault;        // bw://; none: such a reference is an error that says so
    std::string directory; // where relative files and commands start from
};

// "bw", "file", "exec", or a store that this build has no reader for ("aws-sm", …). Empty: an
// ordinary value.
std::string_view reference_scheme(std::string_view value);

// Errors name the reference's kind and where it failed, never what came back. Where a store is not
// there yet: unavailable.
Result<Secret> resolve_reference(std::string_view value, const References& references);

// A command line as a shell would split it, with '…', "…" and \, and nothing expanded. Error: an
// open quote.
Result<std::vector<std::string>> split_words(std::string_view line);

} // namespace stanch::env
