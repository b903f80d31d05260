// The text of a hook. Pure.
#pragma once

#include <string>
#include <string_view>

namespace stanch::git {

// Counted up when the text changes in a way that an installed hook should follow.
inline constexpr int hook_version = 2;

// Which hook of that name Git would run if ours were not there; it runs first.
struct EarlierHook {
    enum class Where {
        kept,           // beside ours, as NAME.before-stanch
        own_repository, // in the repository's own folder, which core.hooksPath hides
        folder,         // in another folder, likewise
    } where = Where::kept;
    std::string folder = {}; // as core.hooksPath has it: may be relative to the work tree
};

// `program` may be empty (a folder that a team shares): then stanch is looked for in PATH.
std::string hook_script(std::string_view name, std::string_view program,
                        const EarlierHook& earlier);

// A hook that only passes on to the earlier one, which would be hidden otherwise.
std::string passing_script(std::string_view name, const EarlierHook& earlier);

// The version in a script of ours; 0: not ours.
int hook_script_version(std::string_view script);

// The program that a script of ours names; empty where it uses PATH.
std::string hook_script_program(std::string_view script);

// A word as a POSIX shell reads it back.
std::string shell_quoted(std::string_view word);

} // namespace stanch::git
