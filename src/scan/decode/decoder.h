// Encodings that hide a secret from the first stage: base64, hex, percent, \u and \x escapes, HTML
// entities.
//
// find_encoded() marks where a text may be encoded; decode_at() takes a mark and decodes around it.
// Marks are local: whether there is one at a byte depends on the 64 bytes before it only, and a run
// longer than that has one at least every 64 bytes. So marks that were found in windows (see
// Matcher::margin) decode to the same texts as those that were found over the whole.
//
//   base64   twenty characters that decode, in one of the four phases, to fifteen printable bytes.
//   Random base64 has
//            one such mark in two megabytes, words and paths have almost none, text in base64 is
//            full of them.
//   hex      thirty-two digits that decode to sixteen printable bytes
//   escapes  one that stands for a printable ASCII character other than a space
#pragma once

#include "scan/pattern/regex.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

enum class Encoding : std::uint8_t { base64, hex, percent, unicode, entity };
inline constexpr std::size_t encodings = 5;

std::string_view name_of(Encoding encoding); // as in Finding::decoded_by

struct Mark {
    Encoding encoding = Encoding::base64;
    std::size_t end = 0; // the byte behind the characters that were seen

    friend auto operator<=>(const Mark&, const Mark&) = default;
};

void find_encoded(std::string_view window, std::vector<Mark>& marks);

struct Decoded {
    std::string text;
    Range source; // what was decoded
    // Where in the source each byte of an escaped text comes from; empty for base64 and hex, which
    // are taken whole.
    std::vector<std::size_t> origins;
    // The decoded bytes that were escapes: a match that holds none of them stands in the plain text
    // already.
    std::vector<std::size_t> changed;
    std::size_t covered = 0; // marks up to here need no decoding of their own (those of base64 and
                             // hex: in this phase)

    // The bytes of the source behind the decoded range.
    [[nodiscard]] Range origin_of(const Range& decoded) const;
    [[nodiscard]] bool holds_change(const Range& decoded) const;
};

// nullopt: there is nothing here after all.
std::optional<Decoded> decode_at(std::string_view text, const Mark& mark);

} // namespace stanch::scan
