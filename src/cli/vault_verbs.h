// The vault's verbs, for the table in verbs.cpp.
#pragma once

#include "cli/verb.h"

namespace stanch::cli {

extern const Verb vault_login_verb;
extern const Verb vault_unlock_verb;
extern const Verb vault_lock_verb;
extern const Verb vault_logout_verb;
extern const Verb vault_status_verb;
extern const Verb vault_sync_verb;
extern const Verb vault_list_verb;
extern const Verb vault_search_verb;
extern const Verb vault_get_verb;
extern const Verb vault_set_verb;
extern const Verb vault_create_verb;
extern const Verb vault_edit_verb;
extern const Verb vault_delete_verb;
extern const Verb vault_restore_verb;
extern const Verb vault_attach_verb;
extern const Verb vault_folder_verb;
extern const Verb vault_push_verb;
extern const Verb vault_pull_verb;
extern const Verb vault_share_verb;
extern const Verb vault_receive_verb;
extern const Verb vault_org_verb;
extern const Verb vault_collection_verb;
extern const Verb vault_member_verb;
extern const Verb vault_confirm_verb;
extern const Verb vault_who_verb;
extern const Verb vault_fingerprint_verb;

} // namespace stanch::cli
