// What the code needs: every call of a provider's SDK or HTTP API, with the permission it takes.
//
// Python only, and offline: the sources are read as text, nothing is imported or run. Values are
// followed through modules, attributes, helper functions, parameters and containers without regard
// to the order of statements: a name may mean everything that it is ever given. What can't be
// followed is left out rather than guessed, except for a call whose method and keyword arguments
// leave one reading among the services that the project uses (Certainty::by_shape).
//
// Pure functions of their arguments; thread-safe.
#pragma once

#include "core/manifest.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::privilege {

// A file of the project: its path as the user would type it, and its text, which must outlive the
// call.
struct Source {
    std::string path;
    std::string_view text;
};

enum class Certainty {
    followed, // from where the client was made to the call
    by_shape, // method and arguments fit one operation only
};

struct Need {
    std::string path;
    std::size_t line = 0;
    std::string provider; // "aws", "github", "slack", "stripe", "postgres", "redis"
    std::string service;  // "s3", "cognito-idp"; for the others the area: "issues", "chat", a table
    std::string operation; // "GetObject", "issues/create", "chat.postMessage", "SELECT", "GET"
    Access access = Access::unknown;
    std::vector<std::string>
        permissions; // "s3:GetObject"; "issues:write"; "chat:write"; "SELECT"; "+get"
    std::vector<std::string>
        resources;        // what the call names literally: an ARN, a table; empty: not known
    std::string evidence; // the call as written, one line, string literals of values left out
    Certainty certainty = Certainty::followed;
};

struct NeedsReport {
    std::vector<Need> needs;          // by path and line
    std::vector<std::string> skipped; // files that could not be parsed whole
    std::size_t files = 0;            // looked at
    std::size_t parsed = 0;           // of them, those that could matter
    std::size_t lines = 0;
};

NeedsReport find_needs(std::span<const Source> sources);

} // namespace stanch::privilege
