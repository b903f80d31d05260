// Becoming another program.
#pragma once

#include "core/result.h"

#include <string>
#include <vector>

namespace stanch::os {

// An argument list and an environment ("NAME=value") for execve. The strings are the caller's to
// wipe.
struct Program {
    std::vector<std::string>
        arguments; // [0] is looked up in PATH, the program's own if it sets one
    std::vector<std::string> environment;
};

// Replaces this process; returns only where that failed. What stanch changed for itself (limits,
// ignored signals) is as it was when stanch started. Errors: not_found, or refused where the file
// may not be executed.
Error execute(Program& program);

// The same for a child between fork and exec: only async-signal-safe calls, returns errno.
class Execution {
  public:
    // Looks the program up and builds the arrays; `program` must outlive it.
    static Result<Execution> prepare(Program& program);
    int run() const;

  private:
    std::string path_;
    std::vector<char*> arguments_;
    std::vector<char*> environment_;
};

} // namespace stanch::os
