#include "os/relay_child.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stanch::os {
namespace {

struct Ends {
    Descriptor read;
    Descriptor write;
};

Result<Ends> make_ends() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        return std::unexpected(system_error("cannot make a pipe", {}, errno));
    return Ends{Descriptor(ends[0]), Descriptor(ends[1])};
}

void put(int fd, int value) {
    [[maybe_unused]] const ssize_t written = write(fd, &value, sizeof value);
}

bool get(int fd, int& value) {
    for (;;) {
        const ssize_t n = read(fd, &value, sizeof value);
        if (n == static_cast<ssize_t>(sizeof value)) return true;
        if (n >= 0 || errno != EINTR) return false;
    }
}

// In the child: never returns. Tells errno through `failure`, which a successful exec closes.
[[noreturn]] void become(const Execution& execution, const Streams& streams,
                         const SignalWatch& signals, int failure) {
    signals.restore();
    for (int fd = 0; fd < 3; ++fd)
        if (streams[static_cast<std::size_t>(fd)] >= 0)
            dup2(streams[static_cast<std::size_t>(fd)], fd);
    put(failure, execution.run());
    _exit(127);
}

Error not_started(int error) {
    return system_error("cannot start the command", {}, error);
}

// The leader of the session: starts the program, tells what becomes of it, and stays until it is
// let go.
class Monitor {
  public:
    Monitor(const Execution& execution, const Streams& streams, int slave,
            const SignalWatch& signals, int news, int orders)
        : execution_(execution), streams_(streams), slave_(slave), signals_(signals), news_(news),
          orders_(orders) {}

    [[noreturn]] void run(int failure) {
        setsid();
        ioctl(slave_, TIOCSCTTY, 0);
        for (const int ignored : {SIGTTOU, SIGTTIN, SIGTSTP, SIGINT, SIGQUIT, SIGTERM, SIGHUP,
                                  SIGPIPE, SIGUSR1, SIGUSR2})
            (void)std::signal(ignored, SIG_IGN);
        (void)std::signal(SIGCHLD, SIG_DFL);
        auto gate = make_ends();
        const pid_t child = gate ? fork() : -1;
        if (child == 0) program(*gate, failure);
        if (child < 0) put(failure, errno);
        close(failure);
        setpgid(child, child);
        tcsetpgrp(slave_, child);
        put(news_, child);
        if (gate) put(gate->write.get(), 1);
        for (int fd = 0; fd < 3; ++fd)
            close(fd);
        // A slave that we held would keep the end of the output from ever coming.
        close(slave_);
        for (const int fd : streams_)
            if (fd >= 3 && fd != slave_) close(fd);
        watch(child);
    }

  private:
    [[noreturn]] void program(const Ends& gate, int failure) {
        setpgid(0, 0);
        int go = 0;
        get(gate.read.get(), go);
        for (const int ignored : {SIGTTOU, SIGTTIN, SIGTSTP, SIGPIPE})
            (void)std::signal(ignored, SIG_DFL);
        become(execution_, streams_, signals_, failure);
    }

    [[noreturn]] void watch(pid_t child) {
        for (;;) {
            int status = 0;
            if (waitpid(child, &status, WUNTRACED) < 0) {
                if (errno == EINTR) continue;
                _exit(1);
            }
            put(news_, status);
            int order = 0;
            // Behind an end, the order is to go: the pipe is closed when nobody needs the session
            // any more.
            if (!get(orders_, order)) _exit(0);
            if (WIFSTOPPED(status)) kill(-child, SIGCONT);
        }
    }

    const Execution& execution_;
    const Streams& streams_;
    int slave_;
    const SignalWatch& signals_;
    int news_;
    int orders_;
};

} // namespace

Result<RelayChild> RelayChild::start(const Execution& execution, const Streams& streams,
                                     const SignalWatch& signals) {
    STANCH_TRY(Ends failure, make_ends());
    RelayChild child;
    child.pid_ = fork();
    if (child.pid_ < 0) return std::unexpected(not_started(errno));
    if (child.pid_ == 0) become(execution, streams, signals, failure.write.get());
    failure.write = Descriptor();
    if (int error = 0; get(failure.read.get(), error)) return std::unexpected(not_started(error));
    return child;
}

Result<RelayChild> RelayChild::start_session(const Execution& execution, const Streams& streams,
                                             int slave, const SignalWatch& signals) {
    STANCH_TRY(Ends failure, make_ends());
    STANCH_TRY(Ends news, make_ends());
    STANCH_TRY(Ends orders, make_ends());
    const pid_t monitor = fork();
    if (monitor < 0) return std::unexpected(not_started(errno));
    if (monitor == 0) {
        news.read = Descriptor();
        orders.write = Descriptor();
        Monitor(execution, streams, slave, signals, news.write.get(), orders.read.get())
            .run(failure.write.get());
    }
    failure.write = Descriptor();
    news.write = Descriptor();
    RelayChild child;
    get(news.read.get(), child.pid_);
    if (int error = 0; get(failure.read.get(), error)) return std::unexpected(not_started(error));
    child.news_ = std::move(news.read);
    child.orders_ = std::move(orders.write);
    return child;
}

bool RelayChild::news(ChildNews& news) {
    int status = 0;
    if (in_session()) {
        // A monitor that is gone without a word was killed, and its session with it.
        if (!get(news_.get(), status)) status = SIGKILL;
    } else if (waitpid(pid_, &status, WNOHANG | WUNTRACED) <= 0) {
        return false;
    }
    news = {WIFSTOPPED(status) ? ChildNews::Kind::stopped : ChildNews::Kind::ended, status};
    return true;
}

void RelayChild::send(int signal) const {
    kill(pid_, signal);
}

void RelayChild::go_on() {
    if (in_session())
        put(orders_.get(), 1);
    else
        kill(pid_, SIGCONT);
}

} // namespace stanch::os
