// What the file system says about a file, a link not followed. Thread-safe.
#pragma once

#include "core/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stanch::os {

struct FileStatus {
    unsigned mode = 0; // the permission bits, 0 to 07777
    unsigned owner = 0;
    bool regular = false;
    bool symlink = false;
    std::string target; // of a link
};

// nullopt where nothing is there.
std::optional<FileStatus> file_status(const std::string& path);

// Whether a file belongs to the user that we run as.
bool is_ours(const FileStatus& status);

Result<void> change_mode(const std::string& path, unsigned mode);

} // namespace stanch::os
