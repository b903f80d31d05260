#include "commits/worktree.h"

#include "os/file.h"
#include "os/process.h"
#include "os/temporary.h"

namespace stanch::commits {

Worktree::Worktree(const Git& main, Git own, os::TemporaryDirectory place, std::string path)
    : main_(main), own_(std::move(own)), place_(std::move(place)), path_(std::move(path)) {}

Worktree::Worktree(Worktree&&) noexcept = default;

Worktree::~Worktree() {
    if (!path_.empty()) (void)main_.run({"worktree", "remove", "--force", path_});
}

Result<Worktree> Worktree::make(const Git& git, const std::string& commit) {
    STANCH_TRY(os::TemporaryDirectory place, os::TemporaryDirectory::make());
    std::string path = place.path() + "/tree";
    STANCH_CHECK(git.run({"-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet",
                          "--detach", "--no-checkout", path, commit}));
    auto own = Git::open(path);
    if (!own) {
        (void)git.run({"worktree", "remove", "--force", path});
        return std::unexpected(own.error());
    }
    return Worktree(git, std::move(*own), std::move(place), std::move(path));
}

Result<void> Worktree::show(const std::string& tree, const std::string& commit) {
    STANCH_CHECK(own_.run({"update-ref", "--no-deref", "HEAD", commit}));
    STANCH_CHECK(own_.run({"read-tree", "--reset", "-u", tree}));
    return {};
}

Result<void> Worktree::run_hook(const std::string& name,
                                const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"hook", "run", "--ignore-missing", name, "--"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto ran = own_.run(GitCall{words, {}, {{"GIT_EDITOR", ":"}}});
    if (ran) return {};
    return fail(ErrorKind::refused, "the " + name + " hook refused a part: " + ran.error().what, {},
                "change the plan with --edit, or leave hooks out with --no-verify");
}

Result<std::string> Worktree::tree() const {
    return own_.line({"write-tree"});
}

Result<Worktree::Ran> Worktree::shell(const std::string& command) const {
    os::Command call;
    call.arguments = {"sh", "-c", command + "\n"};
    call.directory = path_;
    call.without = git_variables();
    STANCH_TRY(const os::Outcome outcome, os::run(call));
    return Ran{outcome.exit_code, outcome.output + outcome.errors};
}

std::string Worktree::git_path(const std::string& name) const {
    return own_.git_directory() + "/" + name;
}

bool has_hook(const Git& git, const std::string& name) {
    const auto path =
        git.line({"rev-parse", "--path-format=absolute", "--git-path", "hooks/" + name});
    return path && os::is_executable(*path);
}

} // namespace stanch::commits
