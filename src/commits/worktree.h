// A work tree for a moment: where hooks and the team's own tests look at one commit after the
// other.
#pragma once

#include "commits/git.h"

#include "core/result.h"
#include "os/temporary.h"

#include <string>
#include <vector>

namespace stanch::commits {

class Worktree {
  public:
    // Linked to the repository, detached, nothing checked out yet. Removed when it dies.
    static Result<Worktree> make(const Git& git, const std::string& commit);
    Worktree(Worktree&&) noexcept;
    Worktree& operator=(Worktree&&) = delete;
    Worktree(const Worktree&) = delete;
    Worktree& operator=(const Worktree&) = delete;
    ~Worktree();

    // Files and index of `tree`, HEAD at `commit`: as before `git commit`.
    Result<void> show(const std::string& tree, const std::string& commit);
    // Runs a hook as `git commit` would. Its output is in the error where it refuses.
    Result<void> run_hook(const std::string& name, const std::vector<std::string>& arguments = {});
    // The index's tree now.
    [[nodiscard]] Result<std::string> tree() const;
    // A shell command in it: its exit code and both outputs.
    struct Ran {
        int exit_code = 0;
        std::string output;
    };
    [[nodiscard]] Result<Ran> shell(const std::string& command) const;
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string git_path(const std::string& name) const;

  private:
    Worktree(const Git& main, Git own, os::TemporaryDirectory place, std::string path);
    Git main_;
    Git own_;
    os::TemporaryDirectory place_;
    std::string path_;
};

// Whether the repository has this hook, executable, wherever its hooks are kept.
bool has_hook(const Git& git, const std::string& name);

} // namespace stanch::commits
