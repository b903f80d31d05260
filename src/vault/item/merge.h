// Two people edited one item: puts both changes together where they touch different fields.
#pragma once

#include "vault/item/item.h"

namespace stanch::vault {

// `base` is what we began with, `mine` our edit of it, `theirs` the server's newer document.
// Compared by plain text, since the official client seals every field again on each edit. The
// result is theirs with our changes in it; theirs itself, byte for byte, where it has them already.
// ErrorKind::refused names the field that both changed,
// without a value.
Result<Item> merge(const Item& base, const Item& mine, const Item& theirs, const Key& owner_key);

// Whether both say the same to whoever reads them: all members by their plain text but those that
// the server sets, and attachments.
Result<bool> same_content(const Item& one, const Item& other);

} // namespace stanch::vault
