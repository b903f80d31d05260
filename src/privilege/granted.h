// What a credential may do, as its provider tells it: asked only when the user says so, with the
// credential itself.
//
// Reading calls only, and of those the one that the provider documents for this (docs/privilege.md
// has the table). What a provider does not tell is `unknown`, with the reason; never "fine".
//
// Needs a network (libcurl, libpq on first use). Not thread-safe: one Client a thread.
#pragma once

#include "core/manifest.h"
#include "core/result.h"
#include "core/secret.h"
#include "net/http.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::privilege {

struct Granted {
    enum class State {
        known,
        unknown, // it lives, or may live; what it may do is not to be had with it
        dead,    // the provider refuses it
    };
    State state = State::unknown;
    std::vector<std::string>
        scopes{}; // in the provider's words: "repo", "chat:write", "s3:*", "SELECT users", "+get"
    Access access = Access::unknown;
    std::string why{};     // of unknown and dead
    std::string expires{}; // as the provider writes it; empty: not said
    std::string trap{};    // what to know of this provider's scopes: "repo has no read-only form"
};

// Other addresses than the providers' own (an enterprise server, a test): provider →
// "https://host[:port]".
using Endpoints = std::map<std::string, std::string, std::less<>>;

// The credential and what belongs to it: AWS' key has an id and a secret, Datadog's an application
// key.
struct Presented {
    std::string name;
    const Secret* value = nullptr;
    const Secret* companion = nullptr; // AWS: the secret access key; Datadog: the API key
    const Secret* session = nullptr;   // AWS: the session token of a temporary key
};

// Errors: `unavailable` where the provider can't be reached, `usage` for a provider that is not
// known.
Result<Granted> read_granted(std::string_view provider, const Presented& credential,
                             const Endpoints& endpoints, net::Client& client);

std::span<const std::string_view> granted_providers();

// Granted scopes that none of `needed` takes, in the provider's words; only for State::known.
std::vector<std::string> excess(std::string_view provider, const Granted& granted,
                                const std::vector<std::string>& needed);

} // namespace stanch::privilege
