// The fingerprint phrase of a public key, as the official clients show it under "Fingerprint
// phrase": five words that two people can read to each other.
#pragma once

#include <string>
#include <string_view>

namespace stanch::vault {

// Of a public key (DER) in the hands of this user. 64.6 bits: enough against a key that was found
// or made in passing, not against somebody who can afford 2^64 tries: for that compare the SHA-256.
std::string fingerprint_phrase(std::string_view user_id, std::string_view public_key);

} // namespace stanch::vault
