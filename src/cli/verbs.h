// Every verb's name, for the table in verbs.cpp. A new verb adds a line here and one there.
#pragma once

#include "cli/vault_verbs.h"
#include "cli/verb.h"

namespace stanch::cli {

extern const Verb allow_verb;
extern const Verb baseline_list_verb;
extern const Verb baseline_merge_verb;
extern const Verb baseline_remove_verb;
extern const Verb ci_verb;
extern const Verb completion_verb;
extern const Verb env_check_verb;
extern const Verb env_example_verb;
extern const Verb env_get_verb;
extern const Verb env_guard_verb;
extern const Verb env_lint_verb;
extern const Verb env_parse_verb;
extern const Verb env_set_verb;
extern const Verb hook_doctor_verb;
extern const Verb hook_install_verb;
extern const Verb hook_run_verb;
extern const Verb hook_uninstall_verb;
extern const Verb keys_list_verb;
extern const Verb keys_audit_verb;
extern const Verb keys_policy_verb;
extern const Verb keys_needs_verb;
extern const Verb keys_narrow_verb;
extern const Verb run_verb;
extern const Verb scan_verb;
extern const Verb split_verb;
extern const Verb commit_check_verb;
extern const Verb review_verb;
extern const Verb version_verb;

} // namespace stanch::cli
