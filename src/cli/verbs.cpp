#include "cli/verbs.h"

#include <array>

namespace stanch::cli {

std::span<const Verb* const> all_verbs() {
    static constexpr std::array verbs{
        // clang-format off: one a line merges
        &scan_verb,
        &hook_install_verb,
        &hook_doctor_verb,
        &hook_uninstall_verb,
        &allow_verb,
        &baseline_list_verb,
        &baseline_remove_verb,
        &baseline_merge_verb,
        &completion_verb,
        &keys_needs_verb,
        &run_verb,
        &env_get_verb,
        &env_set_verb,
        &env_check_verb,
        &env_lint_verb,
        &env_example_verb,
        &env_guard_verb,
        &env_parse_verb,
        &version_verb,
        // clang-format on
    };
    return verbs;
}

} // namespace stanch::cli
