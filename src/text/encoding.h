// Text encodings of bytes, both ways. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stanch::text {

enum class Base64 {
    standard, // RFC 4648 §4: + and /, padded
    url,      // RFC 4648 §5: - and _, padded
    url_bare, // §5 without padding, as JWT and macaroons have it
};

std::string base64_encode(std::string_view bytes, Base64 alphabet = Base64::standard);

// Strict: nothing but the alphabet, right padding (none, for url_bare; optional for the others
// where `loose`), zero trailing bits. nullopt otherwise.
std::optional<std::string> base64_decode(std::string_view text, Base64 alphabet = Base64::standard,
                                         bool loose = false);

std::string hex_encode(std::string_view bytes);               // lower case
std::optional<std::string> hex_decode(std::string_view text); // either case, even length

// RFC 3986: everything but the unreserved characters becomes %XX.
std::string percent_encode(std::string_view bytes);
// nullopt on a '%' without two hex digits behind it.
std::optional<std::string> percent_decode(std::string_view text);

// The inside of a JSON string (RFC 8259 §7), without the quotes; control characters as \u00XX.
std::string json_escape(std::string_view utf8);

} // namespace stanch::text
