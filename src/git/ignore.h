// Which files Git does not track on purpose (gitignore(5)).
//
// An IgnoreFile is one list of patterns with the directory that it stands in. A walk keeps those
// that apply in an IgnoreStack: the user's list and the repository's (info/exclude) at the bottom,
// then every .gitignore from the root down. The topmost list that has an opinion decides, in it the
// last pattern that matches.
//
// What lies below an ignored directory is ignored whatever the patterns say of it: a walk does not
// enter the directory, and is_ignored() looks at every parent.
#pragma once

#include "core/result.h"
#include "git/wildmatch.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

struct Repository;

enum class IgnoreVerdict { none, ignored, kept };

class IgnoreFile {
  public:
    // `base` is the folder of the file, relative to the root of the work tree, without a slash at
    // its end; empty for the root itself and for the lists outside of the tree.
    IgnoreFile(std::string_view text, std::string base, bool fold_case);

    // `path` is relative to the root of the work tree, and lies below `base`.
    [[nodiscard]] IgnoreVerdict verdict(std::string_view path, bool is_directory) const;
    [[nodiscard]] bool empty() const { return patterns_.empty(); }

  private:
    struct Pattern {
        std::string text;        // without '!', a leading '/' and the trailing one
        std::size_t literal = 0; // length of the part before the first wildcard
        bool negative = false;
        bool directory_only = false;
        bool name_only = false; // no slash in it: matches the last part of a path, at any depth
        bool suffix = false;    // "*.ext"
        std::optional<Wildmatch>
            rest; // of the pattern behind the literal part (of all of it, for a name)
    };

    void add(std::string_view line);
    void index();
    template <class Visit>
    void each_candidate(std::string_view below, std::string_view name, Visit visit) const;
    [[nodiscard]] bool matches(const Pattern& pattern, std::string_view below,
                               std::string_view name) const;
    [[nodiscard]] bool matches_name(const Pattern& pattern, std::string_view name) const;
    [[nodiscard]] bool matches_path(const Pattern& pattern, std::string_view below) const;
    [[nodiscard]] bool same(std::string_view a, std::string_view b) const;

    std::string base_;
    bool fold_case_;
    std::vector<Pattern> patterns_;
    // Of a long list, for each byte, the patterns (a bit each) that could match what begins or ends
    // with it: three tables of 256 rows of words_ words. 0: a short list.
    std::size_t words_ = 0;
    std::vector<std::uint64_t> by_byte_;
};

// The lists that apply in a directory; cheap to copy and to extend, immutable.
class IgnoreStack {
  public:
    IgnoreStack() = default;
    [[nodiscard]] IgnoreStack with(std::shared_ptr<const IgnoreFile> file) const;

    // Of this very path, its parents not looked at.
    [[nodiscard]] bool ignores(std::string_view path, bool is_directory) const;

  private:
    struct Layer {
        std::shared_ptr<const IgnoreFile> file;
        std::shared_ptr<const Layer> below;
    };
    std::shared_ptr<const Layer> top_;
};

// What the repository and its user configured: core.ignoreCase, core.excludesFile (or its default,
// $XDG_CONFIG_HOME/git/ignore) and info/exclude. Reads /etc/gitconfig, the user's and the
// repository's configuration as Git does, GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM and
// GIT_CONFIG_NOSYSTEM included; [include] is followed, [includeIf] is not. What cannot be read
// counts as empty, as with Git.
struct IgnoreSettings {
    bool fold_case = false;
    IgnoreStack base;
};
IgnoreSettings ignore_settings(const Repository& repository);

} // namespace stanch::git
