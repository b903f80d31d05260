// The person at the terminal: questions go to /dev/tty, so that they work while stdin and stdout
// are redirected.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <string>

namespace stanch::os {

// ErrorKind::unavailable where there is no terminal. Without `echo`, what is typed does not appear.
// The answer has no newline.
Result<Secret> ask_terminal(const std::string& question, bool echo);

} // namespace stanch::os
