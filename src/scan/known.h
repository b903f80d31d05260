// Known values: the team's own secrets, looked for as they are. No rule is needed, and nothing else
// is found.
//
// Each value is found in plain, in hex (either case), in base64 (both alphabets, at each of the
// three alignments, so also inside a longer encoded text), percent-encoded and backslash-escaped
// (JSON, Python, C) whatever the escaper's taste, and inside longer words.
//
// How: a table of the first eight bytes of every form. The text is read once, eight bytes at a
// time; a bitmap of 128 KiB turns away all but one position in a hundred, an exact comparison the
// rest. Escaped text is unescaped first, its offsets kept. The cost is about a nanosecond a byte,
// whatever the number of values.
//
// Immutable; find() may be called from any thread.
#pragma once

#include "core/secret.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

struct KnownValue {
    std::string name;   // "STRIPE_KEY"
    std::string origin; // ".env", "vault"
    Secret value;
};

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

    // Values shorter than `smallest` are left out.
    explicit KnownValues(std::vector<KnownValue> values);

    [[nodiscard]] const std::vector<KnownValue>& values() const { return values_; }

    // All matches, by begin, end, value. Overlapping ones of different values are all told.
    [[nodiscard]] std::vector<KnownMatch> find(std::string_view text) const;

  private:
    struct Entry {
        std::uint64_t head = 0; // the form's first eight bytes
        std::uint32_t value = 0;
        std::uint8_t form = 0;
    };

    void find_in(std::string_view text, std::vector<KnownMatch>& matches) const;
    void confirm(std::string_view text, std::size_t at, std::uint64_t head,
                 std::vector<KnownMatch>& matches) const;

    std::vector<KnownValue> values_;
    std::vector<Entry> entries_; // by head
    std::vector<std::uint64_t> bitmap_;
};

} // namespace stanch::scan
