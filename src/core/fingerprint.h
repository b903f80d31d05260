// The identity of a finding: the same leak has the same fingerprint after it moved to another line,
// file or commit.
//
// BLAKE2b-128 (RFC 7693) over rule, secret and a path-independent context (what names the value:
// "db_password"). Fingerprints stand in baselines and reports that are committed, so they must not
// confirm a guess: a value that is short enough to be guessed contributes only 12 bits of its
// digest. Such a digest still tells a changed password (4,095 times of 4,096), but 1 guess in 4,096
// matches it.
#pragma once

#include "core/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace stanch {

class Secret;

class Fingerprint {
  public:
    Fingerprint() = default;
    static Fingerprint of(std::string_view rule, const Secret& secret, std::string_view context);

    // 32 lower-case hex digits, and their first 8 for people.
    [[nodiscard]] std::string hex() const;
    [[nodiscard]] std::string short_hex() const;
    static Result<Fingerprint> parse(std::string_view hex);

    friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;

  private:
    std::array<std::uint8_t, 16> bytes_{};
};

} // namespace stanch
