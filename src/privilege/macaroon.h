// PyPI's API tokens: macaroons (libmacaroons' binary format, version 2, below "pypi-"), read and
// narrowed offline.
//
// A token is a chain of HMAC-SHA256 signatures over its caveats: whoever holds it can add a caveat,
// and only PyPI can take one away. Caveats are JSON lists (warehouse/macaroons/caveats): [0,
// not_after, not_before] in Unix seconds, [1, ["project", …]], [2, ["project id", …]], [3, "user
// id"], [4, …]; older ones {"permissions": …}.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stanch::privilege {

struct PypiScope {
    std::vector<std::string> projects; // empty: every project of the account
    bool limited = false;              // by project names or ids
    std::string user;                  // id; empty: not said
    std::optional<std::int64_t> not_before;
    std::optional<std::int64_t> not_after;
    bool unknown_caveat = false; // one that this program does not know: narrower than is said here
};

// Error: `invalid` for what is no such token; the message holds none of it.
Result<PypiScope> pypi_scope(const Secret& token);

struct Narrowing {
    std::vector<std::string> projects; // names; empty: not narrowed so
    std::optional<std::int64_t> not_before;
    std::optional<std::int64_t> not_after;
};

// The token with one caveat more for each thing that is given. It is a new token; the old one stays
// as it is.
Result<Secret> narrow_pypi(const Secret& token, const Narrowing& narrowing);

} // namespace stanch::privilege
