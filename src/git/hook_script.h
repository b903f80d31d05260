// The text of a hook. Pure.
#pragma once

#include <string>
#include <string_view>

namespace stanch::git {

// Counted up when the text changes in a way that an installed hook should follow.
inline constexpr int hook_version = 1;

// `program` may be empty (a folder that a team shares): then stanch is looked for in PATH.
// `global`: the repository's own hook of that name runs first.
std::string hook_script(std::string_view name, std::string_view program, bool global);

// A hook that only passes on to the repository's own: a global core.hooksPath would hide it
// otherwise.
std::string passing_script(std::string_view name);

// The version in a script of ours; 0: not ours.
int hook_script_version(std::string_view script);

// The program that a script of ours names; empty where it uses PATH.
std::string hook_script_program(std::string_view script);

// A word as a POSIX shell reads it back.
std::string shell_quoted(std::string_view word);

} // namespace stanch::git
