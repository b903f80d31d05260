// Setting one variable in a .env file so that as many programs as possible read it back, and
// nothing else changes.
#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "env/dotenv.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::env {

struct Written {
    Secret text; // the whole new file
    std::vector<Dialect>
        misread; // targets that will read another value, or lose something else in the file
    bool replaced = false; // false: appended
};

// Every way of quoting is tried and read back with every target's own dialect; the one that most
// read right is taken. Comments, order, line ends and all other bytes stay. Of several statements
// with the name the last is changed. Errors: a name that is no variable's, a zero byte, a value
// that python-dotenv would not read back.
Result<Written> set_variable(std::string_view text, std::string_view name, const Secret& value,
                             std::span<const Dialect> targets);

} // namespace stanch::env
