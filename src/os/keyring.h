// A place of the system for secrets that outlive a process but not a time-out: the kernel keyring
// on Linux.
//
// Keys rest in kernel memory (never swapped), readable by this user's processes only, and the
// kernel drops them when their time is over. A container may forbid the system calls (Docker's
// default profile does), and other systems have none: then every call is ErrorKind::unavailable,
// with the reason. Thread-safe.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <chrono>
#include <string>

namespace stanch::os {

// Replaces a key of the same name. `lifetime` 0 keeps it until the user's last session ends.
Result<void> keyring_store(const std::string& name, const Secret& secret,
                           std::chrono::seconds lifetime);

// ErrorKind::not_found where there is none, or its time is over.
Result<Secret> keyring_load(const std::string& name);

// Not an error where there is none.
Result<void> keyring_remove(const std::string& name);

} // namespace stanch::os
