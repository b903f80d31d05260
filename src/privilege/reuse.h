// One secret in two places: equal values, whatever they are dressed in.
//
// A value is undressed first: percent-encoding, Base64, the password of a URL or of a "key=value"
// connection string. What is left is compared by a fingerprint that is keyed with random bytes of
// this run (BLAKE2b-128, RFC 7693): the fingerprints never leave this room, and would say nothing
// outside of it.
#pragma once

#include "privilege/inventory.h"

namespace stanch::privilege {

// Values that are one secret; indices into the list that was asked about, in order.
struct Shared {
    std::vector<std::size_t> places;
};

// Groups of two places or more. Values that are not `sensitive`, and parts of fewer than 6 bytes,
// are nobody's secret.
std::vector<Shared> find_shared(const std::vector<const Stored*>& stored);

// What may be the secret itself in a value: itself, and what its dress covers. Longest first.
std::vector<Secret> undress(std::string_view value);

} // namespace stanch::privilege
