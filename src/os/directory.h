// What stands in a directory. Thread-safe.
#pragma once

#include "core/result.h"

#include <string>
#include <vector>

namespace stanch::os {

enum class FileKind { regular, directory, symlink, other };

struct DirectoryEntry {
    std::string name; // without the directory's path
    FileKind kind = FileKind::other;
};

// All entries but "." and "..", sorted by name. The kind is the entry's own: a symlink is not
// followed.
Result<std::vector<DirectoryEntry>> list_directory(const std::string& path);

// Absolute, without symlinks, "." or ".."; error where it does not exist.
Result<std::string> real_path(const std::string& path);

// A directory, symlinks followed.
bool is_directory(const std::string& path);

// A new directory of this user's alone (0700) in $TMPDIR or /tmp.
Result<std::string> make_temporary_directory();

// A directory with all that is in it; symbolic links are removed, not followed. What can't be
// removed stays.
void remove_directory(const std::string& path);

} // namespace stanch::os
