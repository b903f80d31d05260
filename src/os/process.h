// Other programs: started without a shell, their output collected with a bound.
//
// Secrets go in through the environment or standard input, never through an argument list.
// Thread-safe.
#pragma once

#include "core/result.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stanch::os {

struct Command {
    std::vector<std::string> arguments;             // [0] is looked up in PATH
    std::string directory;                          // empty: this process's own
    std::map<std::string, std::string> environment; // added to this process's own
    std::vector<std::string> without;     // variables of this process that it must not see
    std::string input;                    // what it reads from standard input
    std::chrono::milliseconds timeout{0}; // 0: as long as it takes; killed after it
    std::size_t output_limit = std::size_t{256} << 20; // bytes of each stream; killed past it
};

struct Outcome {
    int exit_code = 0; // 128 + signal where one ended it
    std::string output;
    std::string errors;
};

// Runs to the end. An exit code other than 0 is an Outcome, not an error; a program that can't be
// started, a time-out and too much output are errors.
Result<Outcome> run(const Command& command);

// Runs with this process's own standard streams, for a program that speaks with the person (an
// editor). Its exit code; 128 + signal where one ended it.
Result<int> run_in_terminal(const std::vector<std::string>& arguments,
                            const std::vector<std::string>& without = {});

// Where PATH has this program, if anywhere.
std::optional<std::string> find_program(const std::string& name);

// The process that started this one.
int parent_process();

// This program's own file, absolute.
Result<std::string> own_program();

} // namespace stanch::os
