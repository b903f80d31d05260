// Git's own program, run so that nothing of the caller's surroundings changes its answers.
//
// Commits are written with the person's own Git: their signing program, filters, hooks and object
// format are honoured as they are. What would bend its output is shut off: pagers, colours,
// external diffs, prompts, and the variables that a hook inherits (GIT_DIR, GIT_INDEX_FILE, …).
// Thread-safe.
#pragma once

#include "core/result.h"

#include <map>
#include <string>
#include <vector>

namespace stanch::commits {

struct GitCall {
    std::vector<std::string> words; // behind "git"
    std::string input;
    std::map<std::string, std::string> environment; // GIT_INDEX_FILE and the like
};

class Git {
  public:
    // The repository that `directory` lies in (or a bare one's own directory).
    static Result<Git> open(const std::string& directory);

    // Standard output. An exit code other than 0 is an error with Git's own last line.
    [[nodiscard]] Result<std::string> run(const GitCall& call) const;
    [[nodiscard]] Result<std::string> run(std::vector<std::string> words) const;
    // The same without the last newline.
    [[nodiscard]] Result<std::string> line(std::vector<std::string> words) const;
    // Whether the call ends with 0.
    [[nodiscard]] bool succeeds(std::vector<std::string> words) const;

    [[nodiscard]] const std::string& git_directory() const { return git_directory_; }
    [[nodiscard]] const std::string& common_directory() const { return common_directory_; }
    [[nodiscard]] const std::string& work_tree() const { return work_tree_; } // empty: bare
    [[nodiscard]] std::string index_path() const { return git_directory_ + "/index"; }

  private:
    std::string directory_;
    std::string git_directory_;
    std::string common_directory_;
    std::string work_tree_;
};

// The variables that tie a Git process to one repository; a hook sets them for everything it
// starts.
std::vector<std::string> git_variables();

// The lines of what Git prints, without their newlines.
std::vector<std::string> lines_of(const std::string& text);

} // namespace stanch::commits
