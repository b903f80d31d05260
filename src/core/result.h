// How the rooms report what went wrong.
//
// Every function that can fail for a reason that is not a bug returns Result<T>. An Error is
// written for the person who has to act: what went wrong, where, and what to do about it. It never
// holds a secret's value. Exceptions are for bugs only. `cli` maps each kind to an exit code, in
// one switch.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace stanch {

enum class ErrorKind {
    usage,       // the call is wrong: a flag, a name, a combination
    invalid,     // an input is malformed: a file's syntax, a server's answer
    not_found,   // a named thing does not exist
    refused,     // a check said no: policy, permission, a safety rule
    incomplete,  // part of the work could not be done; never the same as success
    unavailable, // a file, program, server or network that cannot be reached now
    internal,    // a broken promise of our own
};

struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string
        what; // one clause, lower case, no full stop: "the file is not valid TOML: expected '='"
    std::string where; // "stanch.toml:3:7", a path, a URL without credentials; may be empty
    std::string hint;  // what to do next, an imperative; may be empty
};

template <class T>
using Result = std::expected<T, Error>;

// The failed half of a Result: `return fail(ErrorKind::invalid, "…", path, "…");`
[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string what,
                                                 std::string where = {}, std::string hint = {}) {
    return std::unexpected<Error>(Error{kind, std::move(what), std::move(where), std::move(hint)});
}

} // namespace stanch

#define STANCH_JOIN_(a, b) a##b
#define STANCH_JOIN(a, b) STANCH_JOIN_(a, b)

// STANCH_TRY(auto text, os::read_file(path)); takes the value out of a Result, or returns its error
// to the caller. NOLINTBEGIN(bugprone-macro-parentheses): a declaration can't stand in parentheses
#define STANCH_TRY(declaration, expression)                                                        \
    auto STANCH_JOIN(try_, __LINE__) = (expression);                                               \
    if (!STANCH_JOIN(try_, __LINE__))                                                              \
        return std::unexpected(std::move(STANCH_JOIN(try_, __LINE__)).error());                    \
    declaration = std::move(*STANCH_JOIN(try_, __LINE__))
// NOLINTEND(bugprone-macro-parentheses)

// STANCH_CHECK(write(…)); the same for a Result<void>.
#define STANCH_CHECK(expression)                                                                   \
    if (auto checked_ = (expression); !checked_) return std::unexpected(std::move(checked_).error())
