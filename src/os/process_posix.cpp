#include "os/process.h"

#include "os/file.h"
#include "os/harden.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace stanch::os {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
    Descriptor read;
    Descriptor write;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        return std::unexpected(system_error("cannot make a pipe", {}, errno));
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<std::string> merged_environment(const Command& command) {
    std::vector<std::string> list;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::string name(text.substr(0, text.find('=')));
        const bool left_out = std::ranges::find(command.without, name) != command.without.end();
        if (!left_out && !command.environment.contains(name)) list.emplace_back(text);
    }
    for (const auto& [name, value] : command.environment)
        list.push_back(name + "=" + value);
    return list;
}

std::vector<char*> pointers(std::vector<std::string>& list) {
    std::vector<char*> out;
    out.reserve(list.size() + 1);
    for (std::string& text : list)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

Result<pid_t> spawn(const Command& command, int in, int out, int err) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, err, 2);
    if (!command.directory.empty())
        posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
    std::vector<std::string> arguments = command.arguments;
    std::vector<std::string> environment = merged_environment(command);
    pid_t child = 0;
    const int error = posix_spawnp(&child, arguments[0].c_str(), &actions, nullptr,
                                   pointers(arguments).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return std::unexpected(system_error("cannot start", arguments[0], error));
    return child;
}

// Moves bytes both ways until both outputs are closed. False where the time or the output limit was
// hit.
class Exchange {
  public:
    Exchange(const Command& command, Pipe in, Pipe out, Pipe err)
        : command_(command), in_(std::move(in.write)), out_(std::move(out.read)),
          err_(std::move(err.read)) {
        fcntl(in_.get(), F_SETFL, O_NONBLOCK);
        if (command.timeout.count() > 0) deadline_ = Clock::now() + command.timeout;
    }

    bool run(Outcome& outcome) {
        while (out_ || err_) {
            std::array<pollfd, 3> fds{
                {{out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}, {in_.get(), POLLOUT, 0}}};
            const int ready = poll(fds.data(), fds.size(), wait_milliseconds());
            if (ready == 0) return false;
            if (ready < 0 && errno != EINTR) return false;
            if (ready < 0) continue;
            if (fds[0].revents != 0 && !take(out_, outcome.output)) return false;
            if (fds[1].revents != 0 && !take(err_, outcome.errors)) return false;
            if (fds[2].revents != 0) give();
        }
        return true;
    }

  private:
    [[nodiscard]] int wait_milliseconds() const {
        if (!deadline_) return -1;
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(*deadline_ - Clock::now());
        return static_cast<int>(std::max<std::int64_t>(0, left.count()));
    }

    bool take(Descriptor& from, std::string& into) {
        std::array<char, 65536> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init)
        const ssize_t n = read(from.get(), buffer.data(), buffer.size());
        if (n > 0)
            into.append(buffer.data(), static_cast<std::size_t>(n));
        else if (n == 0 || errno != EINTR)
            from = Descriptor();
        return into.size() <= command_.output_limit;
    }

    void give() {
        const std::string_view rest = std::string_view(command_.input).substr(given_);
        const ssize_t n = rest.empty() ? 0 : write(in_.get(), rest.data(), rest.size());
        if (n > 0) given_ += static_cast<std::size_t>(n);
        const bool broken = n < 0 && errno != EINTR && errno != EAGAIN;
        if (broken || given_ == command_.input.size()) in_ = Descriptor();
    }

    const Command& command_;
    Descriptor in_;
    Descriptor out_;
    Descriptor err_;
    std::optional<Clock::time_point> deadline_;
    std::size_t given_ = 0;
};

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

Result<Outcome> run(const Command& command) {
    ignore_broken_pipes();
    STANCH_TRY(Pipe in, make_pipe());
    STANCH_TRY(Pipe out, make_pipe());
    STANCH_TRY(Pipe err, make_pipe());
    STANCH_TRY(const pid_t child, spawn(command, in.read.get(), out.write.get(), err.write.get()));
    in.read = Descriptor();
    out.write = Descriptor();
    err.write = Descriptor();
    Outcome outcome;
    const bool finished =
        Exchange(command, std::move(in), std::move(out), std::move(err)).run(outcome);
    if (!finished) kill(child, SIGKILL);
    outcome.exit_code = wait_for(child);
    if (!finished)
        return fail(ErrorKind::incomplete, "stopped: it ran too long or printed too much",
                    command.arguments[0]);
    return outcome;
}

Result<int> run_in_terminal(const std::vector<std::string>& arguments,
                            const std::vector<std::string>& without) {
    Command command;
    command.arguments = arguments;
    command.without = without;
    STANCH_TRY(const pid_t child, spawn(command, 0, 1, 2));
    return wait_for(child);
}

std::optional<std::string> find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        std::string candidate = std::string(rest.substr(0, colon)) + "/" + name;
        if (access(candidate.c_str(), X_OK) == 0) return candidate;
        rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    }
    return std::nullopt;
}

int parent_process() {
    return getppid();
}

Result<std::string> own_program() {
#ifdef __linux__
    std::array<char, 4096> path{};
    const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
    if (size > 0) return std::string(path.data(), static_cast<std::size_t>(size));
#endif
    if (auto found = find_program("stanch")) return *std::move(found);
    return fail(ErrorKind::unavailable, "cannot tell where stanch itself is", {},
                "put stanch into PATH");
}

} // namespace stanch::os
