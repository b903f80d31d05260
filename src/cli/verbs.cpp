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
        &hook_run_verb,
        &allow_verb,
        &baseline_list_verb,
        &baseline_remove_verb,
        &baseline_merge_verb,
        &vault_login_verb,
        &vault_unlock_verb,
        &vault_lock_verb,
        &vault_logout_verb,
        &vault_status_verb,
        &vault_sync_verb,
        &vault_list_verb,
        &vault_search_verb,
        &vault_get_verb,
        &vault_set_verb,
        &vault_create_verb,
        &vault_edit_verb,
        &vault_delete_verb,
        &vault_restore_verb,
        &vault_attach_verb,
        &vault_folder_verb,
        &vault_push_verb,
        &vault_pull_verb,
        &vault_share_verb,
        &vault_receive_verb,
        &vault_org_verb,
        &vault_collection_verb,
        &vault_member_verb,
        &vault_confirm_verb,
        &vault_who_verb,
        &vault_fingerprint_verb,
        &ci_verb,
        &completion_verb,
        &keys_list_verb,
        &keys_audit_verb,
        &keys_policy_verb,
        &keys_needs_verb,
        &keys_narrow_verb,
        &run_verb,
        &env_get_verb,
        &env_set_verb,
        &env_check_verb,
        &env_lint_verb,
        &env_example_verb,
        &env_guard_verb,
        &env_parse_verb,
        &split_verb,
        &commit_check_verb,
        &review_verb,
        &version_verb,
        // clang-format on
    };
    return verbs;
}

} // namespace stanch::cli
