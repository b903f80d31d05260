// Ignored, tracked, ever committed.
#include "env/guard_parts.h"

#include "git/ignore.h"
#include "git/index.h"
#include "os/file.h"
#include "os/process.h"

#include <algorithm>
#include <map>
#include <set>

namespace stanch::env {
namespace {

// The rules that apply to a path: the .gitignore files from the root down to its folder, over
// `base`.
bool ignored(const std::string& root, const std::string& path, git::IgnoreStack stack,
             const std::optional<std::string>& root_text) {
    std::string folder;
    for (;;) {
        const std::string file = joined_path(joined_path(root, folder), ".gitignore");
        std::optional<std::string> text;
        if (folder.empty() && root_text)
            text = root_text;
        else if (auto read = os::read_file(file))
            text = std::move(*read);
        if (text) stack = stack.with(std::make_shared<git::IgnoreFile>(*text, folder, false));
        const std::size_t from = folder.empty() ? 0 : folder.size() + 1;
        const std::size_t slash = path.find('/', from);
        const bool last = slash == std::string::npos;
        const std::string part = path.substr(0, slash);
        if (stack.ignores(part, !last)) return true;
        if (last) return false;
        folder = part;
    }
}

class GitCheck {
  public:
    GitCheck(const GuardFiles& files, const git::Repository& repository, GuardReport& report)
        : files_(files), repository_(repository), report_(report) {}

    void ignored_files() {
        for (const std::string& path : files_.env)
            ignoring(path, false);
    }

    void run(bool history) {
        ignored_files();
        // Where an example says that a .env belongs, it must be ignored before there is one.
        for (const std::string& example : files_.examples)
            expected(folder_of(example));
        tracked();
        if (history) committed();
    }

  private:
    void expected(const std::string& folder) {
        const std::string path = joined_path(folder, ".env");
        if (std::ranges::find(files_.env, path) == files_.env.end() && looked_.insert(path).second)
            ignoring(path, true);
    }

    void ignoring(const std::string& path, bool absent) {
        if (ignored(files_.root, path, {}, {})) return;
        const bool locally = ignored(files_.root, path, git::ignore_settings(repository_).base, {});
        const std::string name = name_of(path);
        const std::string usual = joined_path(folder_of(path), lower_case(name));
        const bool by_case = name != lower_case(name) && ignored(files_.root, usual, {}, {});
        const std::string subject = absent ? "will be made from the example and " : "";
        if (by_case)
            add(GuardRule::name_case, path,
                "is ignored only as " + lower_case(name) + ": elsewhere both are one file",
                "rename it to " + lower_case(name) + ", or ignore [.][eE][nN][vV]*");
        else if (locally)
            add(GuardRule::ignored_locally, path,
                subject +
                    "is ignored on this machine only (the user's excludes or .git/info/exclude)",
                "add .env* to the repository's .gitignore");
        else
            add(GuardRule::not_ignored, path,
                subject + "is not ignored by any .gitignore that applies to it",
                "add .env* to .gitignore, below any rule that takes it back");
    }

    void add(GuardRule rule, const std::string& path, std::string message, std::string remedy) {
        report_.faults.push_back(
            {rule, path, std::move(message), std::move(remedy), true, false, {}});
    }

    void tracked() {
        const auto index = git::Index::read(repository_);
        if (!index) {
            report_.incomplete.push_back("the index: " + index.error().what);
            return;
        }
        std::string last;
        for (const git::IndexEntry& entry : index->entries()) {
            const std::string path(entry.path);
            if (path == last || !is_env_file(name_of(path))) continue;
            last = path;
            report_.faults.push_back(
                {GuardRule::tracked,
                 path,
                 "is tracked by Git: the next commit holds it",
                 "git rm --cached it, ignore it, and rotate what it holds if it was ever pushed",
                 true,
                 true,
                 {}});
        }
    }

    // Every commit that any ref reaches and that brought such a file in.
    void committed() {
        os::Command command;
        command.arguments = {"git",
                             "-C",
                             files_.root,
                             "-c",
                             "core.quotePath=false",
                             "log",
                             "--all",
                             "--full-history",
                             "-m",
                             "--no-renames",
                             "--diff-filter=A",
                             "--name-only",
                             "-z",
                             "--format=%x01%H",
                             "--",
                             ":(icase,glob)**/.env*"};
        // A hook's GIT_DIR and GIT_INDEX_FILE are not taken over.
        command.environment = {{"GIT_DIR", repository_.git_dir},
                               {"GIT_WORK_TREE", files_.root},
                               {"GIT_OPTIONAL_LOCKS", "0"},
                               {"LC_ALL", "C"}};
        const auto outcome = os::run(command);
        if (!outcome || outcome->exit_code != 0) {
            // A repository without a commit has no history.
            if (outcome && outcome->errors.find("does not have any commits") != std::string::npos)
                return;
            report_.incomplete.push_back("the history: 'git log' failed");
            return;
        }
        read_log(outcome->output);
    }

    void read_log(std::string_view log) {
        struct Seen {
            std::string oldest;
            std::size_t commits = 0;
        };
        std::map<std::string, Seen> seen;
        std::string commit;
        for (std::size_t at = 0; at < log.size();) {
            const std::size_t end = std::min(log.find('\0', at), log.size());
            std::string_view field = log.substr(at, end - at);
            while (field.starts_with('\n'))
                field.remove_prefix(1);
            if (field.starts_with('\x01'))
                commit = std::string(field.substr(1, field.find('\n') - 1));
            else if (!field.empty() && is_env_file(name_of(std::string(field)))) {
                Seen& entry = seen[std::string(field)];
                entry.oldest = commit;
                ++entry.commits;
            }
            at = end + 1;
        }
        for (const auto& [path, entry] : seen)
            report_.faults.push_back(
                {GuardRule::history, path,
                 "was committed in " + entry.oldest.substr(0, 10) +
                     (entry.commits > 1 ? " and " + std::to_string(entry.commits - 1) + " more"
                                        : ""),
                 "rotate every credential it held: whoever has a clone has them; 'stanch scan "
                 "--history' finds them",
                 false, true, entry.oldest});
    }

    const GuardFiles& files_;
    const git::Repository& repository_;
    GuardReport& report_;
    std::set<std::string> looked_;
};

} // namespace

bool ignored_by_repository(const std::string& root, const std::string& path,
                           const std::optional<std::string>& text) {
    return ignored(root, path, {}, text);
}

void check_ignored(const GuardFiles& files, const git::Repository& repository,
                   GuardReport& report) {
    GitCheck(files, repository, report).ignored_files();
}

void check_git(const GuardFiles& files, const git::Repository& repository, bool history,
               GuardReport& report) {
    GitCheck(files, repository, report).run(history);
}

} // namespace stanch::env
