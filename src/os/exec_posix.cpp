#include "os/exec.h"

#include "os/file.h"
#include "os/harden.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace stanch::os {
namespace {

std::vector<char*> pointers(std::vector<std::string>& list) {
    std::vector<char*> out;
    out.reserve(list.size() + 1);
    for (std::string& text : list)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

std::string_view path_of(const std::vector<std::string>& environment) {
    for (const std::string_view entry : environment)
        if (entry.starts_with("PATH=")) return entry.substr(5);
    return "/usr/local/bin:/usr/bin:/bin";
}

bool is_program(const std::string& path) {
    struct stat info{};
    return stat(path.c_str(), &info) == 0 && !S_ISDIR(info.st_mode) &&
           access(path.c_str(), X_OK) == 0;
}

// As execvp does it, but by the new environment's PATH. Sees a file that may not be executed only
// if there is no other.
Result<std::string> look_up(const std::string& name, std::string_view path) {
    if (name.empty()) return fail(ErrorKind::usage, "the command's name is empty");
    const auto refused = [&](const std::string& where) {
        return fail(ErrorKind::refused, "the file may not be executed", where,
                    "chmod +x it, or name the interpreter");
    };
    if (name.find('/') != std::string::npos) {
        if (is_program(name)) return name;
        if (exists(name)) return refused(name);
        return fail(ErrorKind::not_found, "there is no such command", name);
    }
    std::string unusable;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find(':', at), path.size());
        const std::string_view folder = path.substr(at, end - at);
        std::string candidate = (folder.empty() ? "." : std::string(folder)) + "/" + name;
        if (is_program(candidate)) return candidate;
        if (unusable.empty() && exists(candidate)) unusable = candidate;
        at = end + 1;
    }
    if (!unusable.empty()) return refused(unusable);
    return fail(ErrorKind::not_found, "there is no such command in PATH", name);
}

} // namespace

Result<Execution> Execution::prepare(Program& program) {
    Execution execution;
    STANCH_TRY(execution.path_, look_up(program.arguments[0], path_of(program.environment)));
    execution.arguments_ = pointers(program.arguments);
    execution.environment_ = pointers(program.environment);
    return execution;
}

int Execution::run() const {
    unharden_for_exec();
    execve(path_.c_str(), arguments_.data(), environment_.data());
    if (errno != ENOEXEC) return errno;
    // A script without "#!": the shell reads it, as execvp has it.
    static char shell[] = "/bin/sh";
    std::vector<char*> words{shell, const_cast<char*>(path_.c_str())};
    words.insert(words.end(), arguments_.begin() + 1, arguments_.end());
    execve(shell, words.data(), environment_.data());
    return errno;
}

Error execute(Program& program) {
    const auto execution = Execution::prepare(program);
    if (!execution) return execution.error();
    const int error = execution->run();
    Error failed = system_error("cannot start", program.arguments[0], error);
    if (error == E2BIG)
        failed.hint = "the arguments and the environment together are too large for the system";
    return failed;
}

} // namespace stanch::os
