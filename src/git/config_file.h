// Git's own configuration files, as far as the repository's format needs them.
//
// Reads one file's text (git-config(1), "Configuration file"): sections, subsections, quotes,
// escapes, continuation lines, comments. Includes are not followed: Git itself ignores them for the
// settings that decide how a repository is read. What the user configures elsewhere is never looked
// at.
#pragma once

#include "core/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

class ConfigFile {
  public:
    // `where` is what an error calls the file; the error says "line N".
    static Result<ConfigFile> parse(std::string_view text, const std::string& where);

    // The last value of "section.name" or "section.subsection.name". Section and name in lower
    // case.
    [[nodiscard]] std::optional<std::string_view> value(std::string_view key) const;
    // A key without "=" is true. nullopt where absent or neither true nor false.
    [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;

    struct Setting {
        std::string key;
        std::string value;
        bool bare = false; // no "=": means true
    };
    [[nodiscard]] const std::vector<Setting>& settings() const { return settings_; }

  private:
    std::vector<Setting> settings_;
};

} // namespace stanch::git
