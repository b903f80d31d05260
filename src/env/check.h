// Holding an environment against its declaration.
#pragma once

#include "core/manifest.h"
#include "core/result.h"
#include "env/code_names.h"
#include "env/layers.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

enum class CheckKind {
    missing,     // required, and nobody gives it a value
    extra,       // in a file, declared nowhere
    malformed,   // not of its type
    placeholder, // a value that only holds a place
    duplicate,   // twice in one file
    syntax,      // a statement that the dialect's program does not take
    undeclared,  // read by the code, declared nowhere
    drift,       // .env.example does not say what is declared
};
std::string_view to_string(CheckKind kind);

struct CheckProblem {
    CheckKind kind = CheckKind::missing;
    std::string name;
    std::string where;   // "file:line"
    std::string message; // never holds a value
};

struct CheckInput {
    const Manifest* manifest = nullptr;
    const Layers* layers = nullptr;
    std::string environment;            // the layers' name: "production"
    std::vector<CodeName> code;         // what the code reads
    std::optional<std::string> example; // the text of .env.example
    std::string example_path;
    Lookup process; // the process environment
};

// In the order of files and lines. Error: a declared pattern is wrong, a layer can't be read again.
Result<std::vector<CheckProblem>> check_environment(const CheckInput& input);

// The text of .env.example: every declared name (and those of `extra`, which files have) with its
// description and type as a comment, and never a value.
std::string example_of(const Manifest& manifest, std::span<const std::string> extra);

} // namespace stanch::env
