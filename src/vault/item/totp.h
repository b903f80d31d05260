// One-time codes from a login's `totp` member: RFC 6238, otpauth:// addresses (Key Uri Format), and
// Steam's variant.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <cstdint>

namespace stanch::vault {

// `seed` is base32 (spaces and case don't matter),
// otpauth://totp/…?secret=…&algorithm=…&digits=…&period=…, or steam://<base32>. `now` is in Unix
// seconds.
Result<Secret> totp_code(const Secret& seed, std::int64_t now);

} // namespace stanch::vault
