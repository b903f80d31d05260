// What a push allows, for a receiver without a work tree: the baseline and the ignore files of the
// commits that are pushed. Who reviews the change sees the entry and its reason.
#pragma once

#include "git/object_store.h"
#include "os/temporary.h"

#include <span>

namespace stanch::cli {

// A folder with what the root folders of these commits hold of .stanch-baseline, .stanchignore and
// .gitleaksignore, put together; a list that none of them has is not there. Error: an object that
// can't be read, a list that is damaged.
Result<os::TemporaryDirectory> pushed_lists(git::ObjectReader& reader, git::ObjectFormat format,
                                            std::span<const git::ObjectId> tips);

} // namespace stanch::cli
