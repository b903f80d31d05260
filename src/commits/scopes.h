// Which definition a line stands in, and what a line defines or imports: read line by line, so that
// a half-written file and a language without a grammar here still have an answer.
//
// Python by its indentation (strings in three quotes and open brackets are passed over).
// JavaScript, Go, C and their kin by the keyword before a name and by braces' indentation; in
// prose, the heading above. Pure functions.
#pragma once

#include "commits/change.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace stanch::commits {

enum class Language { python, braces, prose, other };

Language language_of(std::string_view path);

struct Scope {
    std::string_view name;    // "parse", "TestParser", a heading's text
    std::int32_t parent = -1; // index, -1: the file itself
    bool is_class = false;
    std::uint32_t first_line = 0; // its "def" or "class" line, decorators before it included
};

struct Scopes {
    std::vector<Scope> all;
    std::vector<std::int32_t> of_line; // [line - 1]: the innermost scope, -1: none
};

// Views into `lines`, which must live as long.
Scopes find_scopes(const Lines& lines, Language language);

// What some lines bring into being.
struct Names {
    std::vector<std::string_view>
        defined; // functions, classes, assigned names and attributes, parameters
    std::vector<std::string_view> imported; // names that an import binds, and the modules it names
};
Names names_in(std::string_view lines, Language language);

} // namespace stanch::commits
