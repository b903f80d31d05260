// Reading .env files as their consumers do.
//
// There is no standard: thirteen parsers disagree on nearly every awkward line (docs/env.md has the
// table). So there is one lossless representation and a dialect for each consumer that people have.
// A dialect is right when it gives what the real program gives, its oddities included;
// fuzz/dotenv-differential holds each one to its program.
//
//     python   python-dotenv 1.2 (the default)       docker   docker run --env-file
//     node     dotenv 18 for Node.js                 uv       uv run --env-file
//     compose  env_file of Docker Compose            posix    `set -a; . ./FILE` in bash
//
// Pure functions, thread-safe. Messages are fixed texts: they never hold a character of the file.
#pragma once

#include "core/result.h"
#include "core/secret_part.h"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

enum class Dialect { python, node, compose, docker, uv, posix };

inline constexpr std::array all_dialects{Dialect::python, Dialect::node, Dialect::compose,
                                         Dialect::docker, Dialect::uv,   Dialect::posix};

std::string_view to_string(Dialect dialect);
// What a person would call the program: "python-dotenv", "docker run --env-file".
std::string_view program_of(Dialect dialect);
// Also the names that people use for them: python-dotenv, dotenv, docker-run, bash, sh. Error: the
// list of names.
Result<Dialect> parse_dialect(std::string_view name);

// One statement, comment, blank stretch or error. The originals of a document, concatenated, are
// the text itself.
struct Entry {
    std::string_view original;
    std::size_t line = 1; // where the original begins, counted from 1 as the dialect counts
    std::size_t key_line =
        1; // where the statement itself begins: blank lines before it belong to the original
    std::optional<std::string> key;
    std::optional<Secret> value; // absent: a name without '=', a comment, an error
    std::string_view raw;        // python: the value as written, quotes included; empty without one
    bool error = false;          // the program does not take this statement
    std::string_view message;    // why; empty without error
};

struct Document {
    std::vector<Entry> entries; // in the order of the text
    // The program gives up here: what was read before the error is all that it gives (uv), or it
    // gives nothing at all and refuses to start (compose, docker): see `gives`.
    bool refused = false;

    [[nodiscard]] const Entry* first_error() const;
};

// nullopt: not set. The value is only looked at during the call.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

struct ReadOptions {
    Lookup environment; // for ${NAME}; none: an empty environment
    bool file_wins =
        true; // python: in ${NAME}, the file's own value before the environment's (dotenv_values)
    bool interpolate =
        true; // false: ${NAME} stays as it stands (python only, as dotenv_values has it)
    // python: a path is opened with universal newlines, so that CR LF and CR inside a quoted value
    // become LF. False: the text as it is, as from io.StringIO.
    bool universal_newlines = true;
};

// `text` must outlive the document. A text that the dialect cannot decode is one error entry.
Document parse(std::string_view text, Dialect dialect, const ReadOptions& options = {});

// What the program has in the end: the last value of each name (uv: the first), in the order of
// first appearance. A name without a value is left out, and so is everything where the program
// refuses the file.
struct Variable {
    std::string name;
    Secret value;
    std::size_t line = 0;
};
std::vector<Variable> variables(const Document& document, Dialect dialect);
// The same of a document that is needed no more: values are moved, not copied.
std::vector<Variable> variables(Document&& document, Dialect dialect);

// What python-dotenv reads, for one who looks at many values: each is where the text has it, and is
// copied only where quotes, escapes or references made something else of it. In the order of the
// text; a name that is set twice is there twice.
struct Setting {
    std::string name;
    SecretPart value;
};
std::vector<Setting> settings(const std::shared_ptr<const Secret>& text,
                              const ReadOptions& options = {});

} // namespace stanch::env
