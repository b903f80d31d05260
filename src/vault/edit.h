// Changing an item from a plain document, and making up passwords.
#pragma once

#include "vault/item/item.h"

namespace stanch::vault {

// Takes over the members of `plain` (the shape of Item::plain: name, notes, favorite, reprompt,
// login, card, identity, sshKey, fields). Fields are matched by name. What the document doesn't
// name stays. Strings and null only, where the item has ciphertext; anything else is
// ErrorKind::usage.
Result<void> apply_plain(Item& item, const Json& plain);

// 32 letters and digits: 190 bits.
Secret generated_password();

} // namespace stanch::vault
