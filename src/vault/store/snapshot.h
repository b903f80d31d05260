// From a sync answer to what the cache holds. Private to the room.
#pragma once

#include "vault/store/cache.h"

namespace stanch::vault {

// `private_key` opens the organizations' keys; it may be empty where there is no organization. An
// item or an organization that can't be opened is kept and marked, never dropped.
CacheContent snapshot(const Json& answer, const Key& user_key, const Secret& private_key);

} // namespace stanch::vault
