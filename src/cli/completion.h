// Completion scripts for shells, made from the table of verbs.
#pragma once

#include <string>

namespace stanch::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

} // namespace stanch::cli
