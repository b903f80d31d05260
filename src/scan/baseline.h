// The baseline: findings that a team has looked at and decided to keep, each with a reason.
//
// One JSON object a line, sorted by fingerprint, so that two branches merge by lines:
//
//     {"fingerprint":"…","rule":"…","path":"…","reason":"…","owner":"…","expires":"2027-01-31"}
//
// What counts is the fingerprint; rule and path are hints for the reader. `expires` is the last day
// on which the entry still hides its finding. Reports of other scanners can be read in its place:
// gitleaks' JSON report, detect-secrets' .secrets.baseline, kingfisher's and trufflehog's JSON.
// Their entries know a secret by its value or hash, so they follow it to another line or file.
//
// Values without I/O. Not thread-safe: covers() remembers what was used.
#pragma once

#include "core/finding.h"
#include "core/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

struct BaselineEntry {
    Fingerprint fingerprint;
    std::string rule;
    std::string path;
    std::string reason;
    std::string owner;
    std::string expires; // "YYYY-MM-DD"; empty: never

    friend bool operator==(const BaselineEntry&, const BaselineEntry&) = default;
};

// An entry of another scanner's report.
struct ForeignEntry {
    std::string sha256; // of the secret, hex; empty where the report holds no value
    std::string sha1;
    std::string path;
    std::string rule;
    std::size_t line = 0;
};

class Baseline {
  public:
    Baseline() = default;
    // Ours or a foreign report, told by its content. `name` is what errors call it. An error has
    // the line; nothing is skipped.
    static Result<Baseline> parse(std::string_view text, const std::string& name);

    // Whether an entry hides this finding on this day ("YYYY-MM-DD"). An expired one does not.
    bool covers(const Finding& finding, std::string_view today);

    // Adds or replaces; by fingerprint.
    void put(BaselineEntry entry);
    bool remove(const Fingerprint& fingerprint);
    [[nodiscard]] const BaselineEntry* find(const Fingerprint& fingerprint) const;
    [[nodiscard]] const std::vector<BaselineEntry>& entries() const { return entries_; }
    [[nodiscard]] const std::vector<ForeignEntry>& foreign() const { return foreign_; }

    // Entries that covered nothing since the baseline was read: the leak is gone, they can go too.
    [[nodiscard]] std::vector<BaselineEntry> unused() const;
    // How many of a foreign report's entries covered nothing.
    [[nodiscard]] std::size_t unused_foreign() const;
    [[nodiscard]] std::vector<BaselineEntry> expired(std::string_view today) const;
    // Without the unused entries.
    [[nodiscard]] Baseline pruned() const;

    // Sorted, one entry a line, ends with a newline. Foreign entries are not in it.
    [[nodiscard]] std::string to_text() const;

  private:
    std::vector<BaselineEntry> entries_; // by fingerprint
    std::vector<bool> used_;
    std::vector<ForeignEntry> foreign_;
    std::vector<bool> foreign_used_;
};

// What both sides wanted, in the manner of git-merge: an entry that one side took out and the other
// left alone is out; of two changed ones the stricter is kept (the earlier end, the longer reason).
// Never a conflict, and the same whichever side is called ours.
Baseline merge_baselines(const Baseline& base, const Baseline& ours, const Baseline& theirs);

// Fingerprints to ignore, one a line, `#` comments: .stanchignore (ours) and .gitleaksignore
// (`file:rule:line` and `commit:file:rule:line`).
class IgnoreList {
  public:
    static Result<IgnoreList> parse(std::string_view text, const std::string& name);
    bool covers(const Finding& finding);
    // Lines that covered nothing: "name:12".
    [[nodiscard]] std::vector<std::string> unused() const;

  private:
    struct Line {
        std::string text; // our fingerprint, or gitleaks' with its line number
        std::string where;
        bool used = false;
    };
    std::vector<Line> lines_;
};

// A real day, written "YYYY-MM-DD".
bool is_date(std::string_view text);

} // namespace stanch::scan
