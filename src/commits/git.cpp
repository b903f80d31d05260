#include "commits/git.h"

#include "os/process.h"

namespace stanch::commits {
namespace {

// Git says what is wrong first, and what to do about it in the lines behind.
std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

os::Command sealed(const std::string& directory, const GitCall& call) {
    os::Command command;
    command.arguments = {"git", "--no-pager",     "-c", "core.quotePath=false",
                         "-c",  "color.ui=false", "-c", "core.fsmonitor=false"};
    command.arguments.insert(command.arguments.end(), call.words.begin(), call.words.end());
    command.directory = directory;
    command.input = call.input;
    command.without = git_variables();
    command.environment = {
        {"LC_ALL", "C"}, {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_OPTIONAL_LOCKS", "0"}};
    for (const auto& [name, value] : call.environment)
        command.environment[name] = value;
    return command;
}

} // namespace

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t newline = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, newline - at));
        at = newline + 1;
    }
    return lines;
}

std::vector<std::string> git_variables() {
    return {"GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_OBJECT_DIRECTORY",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            "GIT_COMMON_DIR",
            "GIT_NAMESPACE",
            "GIT_PREFIX",
            "GIT_LITERAL_PATHSPECS",
            "GIT_GLOB_PATHSPECS",
            "GIT_NOGLOB_PATHSPECS",
            "GIT_ICASE_PATHSPECS",
            "GIT_EXTERNAL_DIFF",
            "GIT_DIFF_OPTS",
            "GIT_QUARANTINE_PATH",
            "GIT_REFLOG_ACTION"};
}

Result<Git> Git::open(const std::string& directory) {
    Git git;
    git.directory_ = directory;
    const auto where =
        git.run({"rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir"});
    if (!where && where.error().what.find("not a git repository") != std::string::npos)
        return fail(ErrorKind::not_found, "this is not in a Git repository", directory,
                    "go to one, or make one with git init");
    if (!where) return std::unexpected(where.error());
    const std::vector<std::string> lines = lines_of(*where);
    if (lines.size() != 2)
        return fail(ErrorKind::invalid, "git does not say where it keeps this", directory);
    git.git_directory_ = lines[0];
    git.common_directory_ = lines[1];
    const auto top = git.line({"rev-parse", "--show-toplevel"});
    if (top) git.directory_ = git.work_tree_ = *top;
    return git;
}

Result<std::string> Git::run(const GitCall& call) const {
    STANCH_TRY(os::Outcome outcome, os::run(sealed(directory_, call)));
    if (outcome.exit_code == 0) return std::move(outcome.output);
    const std::string why = first_line(outcome.errors);
    return fail(ErrorKind::unavailable, "git " + call.words.front() + " failed: " + why,
                directory_);
}

Result<std::string> Git::run(std::vector<std::string> words) const {
    return run(GitCall{std::move(words), {}, {}});
}

Result<std::string> Git::line(std::vector<std::string> words) const {
    STANCH_TRY(std::string text, run(std::move(words)));
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

bool Git::succeeds(std::vector<std::string> words) const {
    return run(std::move(words)).has_value();
}

} // namespace stanch::commits
