// What an edit looks like, whatever it is about: the tokens that came and went, and whether they
// matter to a program at all. Pure functions; they read any text, half-written files too.
#pragma once

#include "commits/change.h"
#include "commits/scopes.h"
#include "commits/words.h"

#include <string>
#include <string_view>
#include <vector>

namespace stanch::commits {

struct Edit {
    Bag exact;             // hashes of neighbouring tokens that came or went
    Bag shape;             // the same of three, with all names alike
    bool cosmetic = false; // only blanks, commas, brackets, quotes and line ends differ
};
// Lines are compared one by one where both sides have as many, else as a whole; tokens that both
// begin or end with are passed over. At most 400 tokens a side are looked at.
Edit compare_edit(std::string_view removed, std::string_view added);

// Whether two texts are the same but for blanks and line ends.
bool only_blanks_differ(std::string_view a, std::string_view b);
// Whether every line that is not blank is a comment, or an import.
bool only_comments(std::string_view text);
bool only_imports(std::string_view text);

// String literals of three letters or more, and numbers, quoted as "'text".
std::vector<std::string> literals(std::string_view text);

// Numbers of issues and pull requests, as "#123".
std::vector<std::string> issues(std::string_view text);

// [line - 1]: blank, a comment, or inside a string in three quotes. In prose, every line.
std::vector<bool> prose_lines(const Lines& lines, Language language);

} // namespace stanch::commits
