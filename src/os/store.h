// What a store on disk needs besides files that are replaced as a whole: a lock, and order after a
// crash.
#pragma once

#include "os/file.h"

namespace stanch::os {

// An exclusive lock (flock) that waits for the process that has it; gone with the object, or with
// the process. `path` is created where it is missing.
Result<Descriptor> lock_file(const std::string& path);
// The same on a directory that is there, for one who changes files in it and leaves no file behind.
Result<Descriptor> lock_directory(const std::string& path);

// Removes the temporary files that a killed write_file(path, …) left. Call it with the lock held.
void remove_leftovers(const std::string& path);

} // namespace stanch::os
