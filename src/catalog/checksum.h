// What a credential says about itself: checksums that a provider puts into its tokens, and forms
// that have an inside.
//
// A rule names one of these in `checksum` or `structure`. A value that fails is not a credential of
// that kind; one that passes a checksum is one beyond doubt (a chance of 1 in 2^32, for the CRC-32
// forms). Thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stanch::catalog {

enum class Check {
    failed, // not a credential of this kind
    passed, // has the form, which a made-up value can have too
    proved, // carries a checksum, and it is right
};

struct Verifier {
    std::string_view name;
    std::string_view what; // for docs/rules.md and for "why": "its CRC-32 is right"
    Check (*check)(std::string_view secret);
};

std::span<const Verifier> verifiers();
const Verifier* find_verifier(std::string_view name); // nullptr: no such name

// CRC-32 (ISO 3309, as in zlib) in six digits of base 62 (0-9A-Za-z): the tail of GitHub's and
// npm's tokens.
// github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats
std::string crc32_base62(std::string_view text);
std::uint32_t crc32(std::string_view text);

} // namespace stanch::catalog
