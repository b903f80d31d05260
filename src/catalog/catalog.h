// The rules: what a provider's credential looks like, how to tell it from a lookalike, and what to
// do about it.
//
// Rules are data (rules/*.toml, docs/rules.md): the gitleaks v8 schema, so that a team's
// .gitleaks.toml is a rule file as it stands, and fields of our own. The built-in ones are read at
// build time and lie packed in the binary; a user's file is read by parse_rules(). This room knows
// what a rule says; what it matches is the scan's business.
//
// Values without behaviour, safe to share between threads once built.
#pragma once

#include "core/finding.h"
#include "core/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::catalog {

enum class Condition { any, all }; // "OR", "AND"

enum class RegexTarget { secret, match, line };

// What makes a finding none. The criteria that are given are joined by `condition`; within one, any
// entry will do.
struct Allowlist {
    std::string description;
    Condition condition = Condition::any;
    std::vector<std::string> commits;
    std::vector<std::string> paths; // regular expressions, found anywhere in the path
    std::vector<std::string> regexes;
    RegexTarget target = RegexTarget::secret; // what `regexes` look at
    std::vector<std::string> stopwords;       // lower-case; a part of the secret, whatever its case
    std::vector<std::string> target_rules;    // of a global one: ids; empty: all rules
    std::string where;                        // "gitleaks.toml:12:1"

    friend bool operator==(const Allowlist&, const Allowlist&) = default;
};

// A second rule that must match near the first (a composite rule). Distances count from the first
// match's.
struct Requirement {
    std::string rule;
    std::optional<std::size_t> within_lines;
    std::optional<std::size_t> within_columns;

    friend bool operator==(const Requirement&, const Requirement&) = default;
};

struct Rule {
    std::string id;
    std::string description;
    std::string provider;
    std::string
        regex; // RE2 syntax, PCRE2's where it needs look-around; bytes, not runes (docs/rules.md)
    std::string path; // regular expression of the paths it looks at; alone: the path is the finding
    unsigned secret_group = 0; // 0: the first group that took part, else the whole match
    double entropy = 0;        // the secret's must be above it, in bits a character; 0: any
    std::vector<std::string>
        keywords; // lower-case; one must occur in the content, whatever its case
    std::vector<std::string> tags;
    bool skip_report = false; // only a part of composite rules
    std::vector<Allowlist> allowlists;
    std::vector<Requirement> required;

    Confidence confidence = Confidence::medium; // where nothing speaks for or against a match
    std::string checksum;                       // a name of catalog/checksum.h
    std::string structure;                      // likewise
    std::string manage;                         // where the key is managed: a URL
    std::string rotate;                         // how it is rotated: a clause
    std::vector<std::string> examples;          // templates (docs/rules.md): must be found
    std::vector<std::string> counter_examples;  // must not
    std::string example_path;                   // where they stand, for a rule with `path`
    bool built_in = false; // ours: the judge may drop what looks like a placeholder
    std::string where;

    friend bool operator==(const Rule&, const Rule&) = default;
};

struct RuleSet {
    std::vector<Rule> rules;           // in the order of their ids
    std::vector<Allowlist> allowlists; // global
    std::vector<Error> warnings;       // unknown keys and the like: told, not fatal

    [[nodiscard]] const Rule* find(std::string_view id) const;
};

// Where [extend] gets its base from.
struct Extensions {
    const RuleSet* built_in = nullptr; // useDefault
    std::function<Result<std::string>(const std::string& path)>
        read_file; // path; relative to where we run
};

// Reads a rule file. `name` is what errors call it. Errors have line, column and the rule's id;
// regular expressions are checked by the engine, which compiles them.
Result<RuleSet> parse_rules(std::string_view text, const std::string& name,
                            const Extensions& extensions);

// The rules that are compiled into this binary: unpacked on the first call, from any thread.
const RuleSet& built_in_rules();

// A value on its own, as it stands in an environment variable: the built-in rule whose secret has
// this whole form. Rules that need a name beside the value, and those below medium confidence, do
// not take part. nullptr: none. Thread-safe; compiles what it needs on first use.
const Rule* recognise(std::string_view value);

// One block of bytes and back: how the build puts rules into the binary, and what a cache is keyed
// by.
std::string pack(const RuleSet& rules);
Result<RuleSet> unpack(std::string_view bytes);

} // namespace stanch::catalog
