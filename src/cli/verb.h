// A verb is one thing that a person can ask for: `stanch scan`, `stanch env check`. One file a
// verb.
//
// The Verb is data, and everything that speaks of it comes from it: --help, the manual
// (docs/verbs), completions and the parser. A verb's file defines one `const Verb NAME_verb`, and
// verbs.cpp lists it.
#pragma once

#include "core/result.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::cli {

// The same in every verb; see docs/exit-codes.md.
enum ExitCode : int {
    exit_clean = 0,      // nothing wrong
    exit_found = 1,      // something was found or refused
    exit_usage = 2,      // called wrongly
    exit_incomplete = 3, // something could not be looked at or done
};

struct Flag {
    std::string_view name;     // "--format"
    char letter = 0;           // 'f', or 0
    std::string_view argument; // "FORMAT", or "" for a switch
    std::string_view help;     // one sentence
    bool repeats = false;      // may be given several times
};

// What was typed, checked against a verb's flags.
class Arguments {
  public:
    [[nodiscard]] bool has(std::string_view flag) const { return values_.contains(flag); }
    // The last value given.
    [[nodiscard]] std::optional<std::string> value(std::string_view flag) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view flag) const;
    [[nodiscard]] const std::vector<std::string>& positional() const { return positional_; }

    void add(std::string_view flag, std::string value);
    void add_positional(std::string value) { positional_.push_back(std::move(value)); }

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
    std::vector<std::string> positional_;
};

struct Verb {
    std::string_view name;    // "scan", "env check"
    std::string_view summary; // one line, for the first screen
    std::string_view usage;   // "[WHAT…]"
    std::string_view text;    // the manual's paragraphs
    std::span<const Flag> flags;
    // Everything behind the first positional argument belongs to a command, not to us: `stanch run
    // -- CMD…`.
    bool takes_command = false;
    Result<int> (*run)(const Arguments&);
};

// All of them, in the order of the first screen.
std::span<const Verb* const> all_verbs();

// Parses `words` by the verb's flags: `--name value`, `--name=value`, `-n value`, `--`. `--help` is
// the caller's.
Result<Arguments> parse_arguments(const Verb& verb, std::span<const std::string> words);

std::string help_text(const Verb& verb);
std::string first_screen();

// The program: finds the verb, runs it, says its error. `words` is the argument list without the
// program's name.
int run_program(std::span<const std::string> words);

} // namespace stanch::cli
