// The manifest: every credential declared once, without a value.
//
//     [credential.BILLING_STRIPE_KEY]
//     provider = "stripe"
//     service  = "billing"
//     access   = "read"
//     rotate   = "90d"
//     vault    = "bw://Engineering/billing-stripe/password"
//     inject   = ["github-actions:billing"]
//
// It stands in stanch.toml, or below [tool.stanch] in pyproject.toml. All five strategies read it:
// env takes types and defaults, vault the references, privilege the access and scopes, scan the
// names, rotation the age.
#pragma once

#include "core/config.h"
#include "core/result.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace stanch {

enum class Access { unknown, read, write, admin };

std::string_view to_string(Access access);

// What a value must look like; `string` takes anything.
enum class ValueType {
    string,
    url,
    integer,
    boolean,
    enumeration,
    email,
    path,
    port,
    json,
    pattern
};

struct Credential {
    std::string name; // the environment variable: [A-Za-z_][A-Za-z0-9_]*
    std::string description;
    std::string provider;
    std::vector<std::string>
        services; // `service`: exactly one is the rule; a list is read so that audit can say so
    Access access = Access::unknown;
    std::vector<std::string> scopes;
    std::optional<std::chrono::days> rotate; // at most this old
    std::string vault;                       // a reference: bw://Collection/Item/field
    std::vector<std::string> inject;         // where production gets it: "github-actions:billing"
    std::vector<std::string>
        environments; // where it exists: "production", "staging"; empty: everywhere

    ValueType type = ValueType::string;
    std::vector<std::string> choices; // of an enumeration
    std::string pattern; // of a pattern: a regular expression (RE2) for the whole value
    bool required = true;
    bool sensitive = true;
    std::optional<std::string> default_value; // only where sensitive is false

    std::string where; // "stanch.toml:12:1"
};

struct Manifest {
    std::vector<Credential> credentials; // in the order of their names

    [[nodiscard]] const Credential* find(std::string_view name) const;
};

// Reads [credential.*] of a stanch.toml root table (or of [tool.stanch]). Marks the key as known
// there; the caller finishes the root. Errors: a bad name, type, access or duration, a sensitive
// default, an unknown key.
Result<Manifest> read_manifest(ConfigTable& root);

// "90d", "12w", "6m" (30 days each), "1y" (365).
Result<std::chrono::days> parse_days(std::string_view text);

} // namespace stanch
