// Known values: the team's own secrets, looked for as they are. No rule is needed, and nothing else
// is found.
//
// Each value is found in plain, in hex (either case), in base64 (both alphabets, at each of the
// three alignments, so also inside a longer encoded text), percent-encoded and backslash-escaped
// (JSON, Python, C) whatever the escaper's taste, and inside longer words.
//
// How: a hash table of the first eight bytes of every form. The text is read once, eight bytes at a
// time; a bitmap of 128 KiB turns away all but one position in a hundred, an exact comparison the
// rest. Escaped text is unescaped first, its offsets kept. The cost is some nanoseconds a byte,
// whatever the number of values.
//
// Immutable; find() may be called from any thread.
#pragma once

#include "core/secret_part.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

struct KnownValue {
    std::string name;   // "STRIPE_KEY"
    std::string origin; // ".env", "vault"
    SecretPart value;
    bool certain = true; // a secret; false: the judge is asked
};

// Whether a value is a secret. Asked when the value was found, so that the thousand that were not
// cost nothing; at most a few times a value, from any thread.
using KnownJudge = std::function<bool(const KnownValue&)>;

struct KnownMatch {
    std::size_t value = 0; // which of the values
    std::size_t begin = 0; // bytes of the text as given, end exclusive
    std::size_t end = 0;
    std::string_view form; // "plain", "hex", "base64", or "escaped" for any of them; lives forever

    friend bool operator==(const KnownMatch&, const KnownMatch&) = default;
};

class KnownValues {
  public:
    // Shorter values would be found in half the world's texts.
    static constexpr std::size_t smallest = 8;

    // Values shorter than `smallest` are left out. Without a judge all are secrets.
    explicit KnownValues(std::vector<KnownValue> values, KnownJudge judge = {});

    [[nodiscard]] const std::vector<KnownValue>& values() const { return values_; }

    // All matches, by begin, end, value. Overlapping ones of different values are all told.
    [[nodiscard]] std::vector<KnownMatch> find(std::string_view text) const;

  private:
    struct Entry {
        std::uint64_t head = 0; // the form's first eight bytes
        std::uint32_t value = 0;
        std::uint32_t next_and_form = 0; // the next entry of the chain, from 1; four bits of form
    };
    enum class Verdict : std::uint8_t { open, secret, harmless };

    void add(std::uint64_t head, std::uint32_t value, std::uint32_t form);
    void find_in(std::string_view text, std::vector<KnownMatch>& matches) const;
    void confirm(std::string_view text, std::size_t at, std::uint64_t head,
                 std::vector<KnownMatch>& matches) const;
    [[nodiscard]] bool is_secret(std::uint32_t value) const;

    std::vector<KnownValue> values_;
    KnownJudge judge_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> chains_; // the first entry of each, from 1
    std::vector<std::uint64_t> bitmap_;
    std::unique_ptr<std::atomic<Verdict>[]> verdicts_;
};

} // namespace stanch::scan
