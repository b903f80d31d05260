// Puts what the history says of a change's files and hunks into its facts.
#pragma once

#include "commits/facts.h"
#include "commits/history.h"

namespace stanch::commits {

// `words` numbered the words of `facts`; parts of identifiers stand in it as ".part".
void add_past(const Change& change, const History& history, const Vocabulary& words, Facts& facts);

} // namespace stanch::commits
