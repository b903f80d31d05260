#include "env/guard.h"

#include "env/guard_parts.h"
#include "os/file.h"
#include "os/file_status.h"
#include "os/process.h"
#include "os/store.h"

#include <algorithm>
#include <set>

namespace stanch::env {
namespace {

std::string with_lines(std::string text, std::string_view lines) {
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    return text + std::string(lines);
}

class Fix {
  public:
    Fix(const GuardReport& report, std::string root) : report_(report), root_(std::move(root)) {}

    Result<std::vector<std::string>> run() {
        STANCH_TRY(const os::Descriptor lock, os::lock_directory(root_));
        for (const GuardFault& fault : report_.faults) {
            if (fault.rule == GuardRule::not_ignored || fault.rule == GuardRule::ignored_locally ||
                fault.rule == GuardRule::name_case)
                STANCH_CHECK(ignore(fault.path));
            if (fault.rule == GuardRule::docker_context) STANCH_CHECK(docker(fault.detail));
            if (fault.rule == GuardRule::mode) STANCH_CHECK(mode(fault.path));
            if (fault.rule == GuardRule::tracked) STANCH_CHECK(untrack(fault.path));
        }
        return std::move(done_);
    }

  private:
    [[nodiscard]] std::string text_of(const std::string& path) const {
        auto text = os::read_file(joined_path(root_, path));
        return text ? std::move(*text) : std::string();
    }

    // In the root's .gitignore where that is enough; beside the file where a rule further down
    // takes it back.
    Result<void> ignore(const std::string& path) {
        if (ignored_by_repository(root_, path)) return {};
        const std::string whole = with_lines(
            text_of(".gitignore"), ".env\n.env.*\n!.env.example\n!.env.sample\n!.env.template\n");
        if (ignored_by_repository(root_, path, whole))
            return write(".gitignore", whole, "ignores .env and .env.* now");
        const std::string file = joined_path(folder_of(path), ".gitignore");
        return write(file, with_lines(text_of(file), "/" + name_of(path) + "\n"),
                     "ignores " + path + " now");
    }

    Result<void> docker(const std::string& file) {
        if (!docker_files_.insert(file).second) return {};
        return write(file, with_lines(text_of(file), "**/.env\n**/.env.*\n!**/.env.example\n"),
                     "leaves .env files out of the build now");
    }

    Result<void> write(const std::string& file, const std::string& text, const std::string& what) {
        const auto status = os::file_status(joined_path(root_, file));
        STANCH_CHECK(os::write_file(joined_path(root_, file), text,
                                    status ? static_cast<mode_t>(status->mode) : 0644));
        done_.push_back(file + ": " + what);
        return {};
    }

    Result<void> mode(const std::string& path) {
        STANCH_CHECK(os::change_mode(joined_path(root_, path), 0600));
        done_.push_back(path + ": mode 0600 now");
        return {};
    }

    // The file stays; only Git's index loses it.
    Result<void> untrack(const std::string& path) {
        os::Command command;
        command.arguments = {"git",     "-C", root_, "--literal-pathspecs", "rm", "--cached",
                             "--quiet", "--", path};
        STANCH_TRY(const os::Outcome outcome, os::run(command));
        if (outcome.exit_code != 0)
            return fail(ErrorKind::incomplete, "'git rm --cached' failed", path);
        done_.push_back(path + ": no longer tracked (the file is still here); commit that");
        return {};
    }

    const GuardReport& report_;
    std::string root_;
    std::set<std::string> docker_files_;
    std::vector<std::string> done_;
};

} // namespace

Result<std::vector<std::string>> fix_guard(const GuardOptions& options, const GuardReport& report) {
    const auto repository = git::Repository::discover(options.directory);
    return Fix(report, repository && !repository->work_tree.empty() ? repository->work_tree
                                                                    : options.directory)
        .run();
}

} // namespace stanch::env
