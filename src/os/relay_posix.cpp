#include "os/relay.h"

#include "os/harden.h"
#include "os/pty.h"
#include "os/relay_child.h"
#include "os/relay_signals.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stanch::os {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t read_size = std::size_t{1} << 18;
constexpr int pipe_size = 1 << 20;
constexpr int idle_milliseconds = 40;
constexpr int watch_milliseconds = 250;
constexpr auto patience = std::chrono::seconds(5);

bool write_whole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = write(fd, bytes.data(), bytes.size());
        if (n >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(n));
        else if (errno == EAGAIN) {
            pollfd ready{fd, POLLOUT, 0};
            poll(&ready, 1, -1);
        } else if (errno != EINTR)
            return false;
    }
    return true;
}

// One stream of output: from the program's end through the filter to ours.
struct Channel {
    Descriptor source;
    int target = -1;
    Filter* filter = nullptr;
    std::string out;
    Clock::time_point last{};

    [[nodiscard]] bool open() const { return static_cast<bool>(source); }

    // False where there was nothing to read. A terminal hands out 4 KiB at a time: what is there is
    // taken in one go.
    bool take(std::string& buffer) {
        std::size_t size = 0;
        ssize_t n = 0;
        while (size < buffer.size() &&
               (n = read(source.get(), buffer.data() + size, buffer.size() - size)) > 0)
            size += static_cast<std::size_t>(n);
        if (size > 0) return pass(std::string_view(buffer).substr(0, size));
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) return false;
        // A pseudo-terminal ends with EIO when its last writer has gone.
        return finish();
    }

    bool pass(std::string_view chunk) {
        out.clear();
        filter->feed(chunk, out);
        last = Clock::now();
        return deliver();
    }

    // Whoever reads us may be gone: then the program is to notice it, as it would without us.
    bool deliver() {
        if (!write_whole(target, out)) source = Descriptor();
        return true;
    }

    bool finish() {
        out.clear();
        filter->finish(out);
        write_whole(target, out);
        source = Descriptor();
        return true;
    }

    void idle() {
        if (!open() || !filter->holds() ||
            Clock::now() - last < std::chrono::milliseconds(idle_milliseconds))
            return;
        out.clear();
        filter->idle(out);
        deliver();
    }
};

bool same_file(int a, int b) {
    struct stat one{};
    struct stat two{};
    return fstat(a, &one) == 0 && fstat(b, &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino;
}

bool is_open(int fd) {
    return fcntl(fd, F_GETFD) >= 0;
}

class Relay {
  public:
    explicit Relay(RelayOptions& options) : options_(options), terminal_(STDIN_FILENO) {}

    Result<RelayEnd> run(Program& program) {
        STANCH_TRY(const Execution execution, Execution::prepare(program));
        ignore_broken_pipes();
        STANCH_CHECK(connect());
        STANCH_TRY(RelayChild child,
                   session_ ? RelayChild::start_session(execution, streams_, slave_.get(), signals_)
                            : RelayChild::start(execution, streams_, signals_));
        child_ = &child;
        slave_ = Descriptor();
        ends_.clear();
        if (session_) terminal_.raw();
        while (!end_)
            step();
        drain();
        terminal_.restore();
        if (any_open()) leave_a_child_behind();
        return *end_;
    }

  private:
    // Who writes where: decides the mode, and makes the pseudo-terminals and pipes.
    Result<void> connect() {
        if (!options_.filtered) return {};
        session_ = isatty(0) == 1 && isatty(1) == 1;
        STANCH_CHECK(session_ ? connect_session() : connect_stream(1, options_.output));
        if (session_ && isatty(2) == 1) return {};
        if (!session_ && is_open(1) && same_file(1, 2)) {
            streams_[2] = streams_[1];
            return {};
        }
        return connect_stream(2, options_.errors);
    }

    Result<void> connect_session() {
        STANCH_TRY(Pty pty, open_pty(0, PtyUse::session));
        slave_ = std::move(pty.slave);
        streams_ = {slave_.get(), slave_.get(), isatty(2) == 1 ? slave_.get() : -1};
        fcntl(pty.master.get(), F_SETFL, O_NONBLOCK | O_RDWR);
        keyboard_ = pty.master.get();
        add(std::move(pty.master), 1, options_.output);
        return {};
    }

    Result<void> connect_stream(int fd, Filter& filter) {
        if (!is_open(fd)) return {};
        if (isatty(fd) == 1) {
            STANCH_TRY(Pty pty, open_pty(fd, PtyUse::output));
            streams_[static_cast<std::size_t>(fd)] = pty.slave.get();
            ends_.push_back(std::move(pty.slave));
            add(std::move(pty.master), fd, filter);
            return {};
        }
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            return std::unexpected(system_error("cannot make a pipe", {}, errno));
#ifdef F_SETPIPE_SZ
        fcntl(ends[1], F_SETPIPE_SZ, pipe_size);
#endif
        streams_[static_cast<std::size_t>(fd)] = ends[1];
        ends_.emplace_back(ends[1]);
        add(Descriptor(ends[0]), fd, filter);
        return {};
    }

    void add(Descriptor source, int target, Filter& filter) {
        fcntl(source.get(), F_SETFL, fcntl(source.get(), F_GETFL) | O_NONBLOCK);
        channels_.push_back({std::move(source), target, &filter, {}, {}});
    }

    [[nodiscard]] bool any_open() const {
        for (const Channel& channel : channels_)
            if (channel.open()) return true;
        return false;
    }

    [[nodiscard]] bool reads_keys() const {
        return session_ && !keys_ended_ && pending_.empty() && channels_[0].open() &&
               terminal_.is_raw();
    }

    [[nodiscard]] int wait_milliseconds() const {
        int wait = options_.restart || asked_to_end_ ? watch_milliseconds : -1;
        for (const Channel& channel : channels_)
            if (channel.open() && channel.filter->holds()) wait = idle_milliseconds;
        return wait;
    }

    void step() {
        std::vector<pollfd> fds{{signals_.fd(), POLLIN, 0}, {child_->news_fd(), POLLIN, 0}};
        fds.push_back({reads_keys() ? 0 : -1, POLLIN, 0});
        for (const Channel& channel : channels_)
            fds.push_back({channel.source.get(), POLLIN, 0});
        if (!pending_.empty() && fds.size() > 3) fds[3].events |= POLLOUT;
        if (poll(fds.data(), fds.size(), wait_milliseconds()) < 0 && errno != EINTR) return;
        for (std::size_t i = 0; i < channels_.size(); ++i)
            if ((fds[i + 3].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
                channels_[i].take(buffer_);
        if (!pending_.empty()) type();
        if ((fds[2].revents & (POLLIN | POLLHUP)) != 0) read_keys();
        if (fds[0].revents != 0) handle_signals();
        if ((fds[1].revents & (POLLIN | POLLHUP)) != 0) child_news();
        for (Channel& channel : channels_)
            channel.idle();
        check_restart();
    }

    void read_keys() {
        std::array<char, 4096> keys; // NOLINT(cppcoreguidelines-pro-type-member-init)
        const ssize_t n = read(0, keys.data(), keys.size());
        if (n > 0)
            pending_.assign(keys.data(), static_cast<std::size_t>(n));
        else if (n == 0 || (errno != EINTR && errno != EAGAIN))
            keys_ended_ = true;
        type();
    }

    void type() {
        if (!channels_[0].open()) return pending_.clear();
        const ssize_t n = write(keyboard_, pending_.data(), pending_.size());
        if (n > 0)
            pending_.erase(0, static_cast<std::size_t>(n));
        else if (n < 0 && errno != EAGAIN && errno != EINTR)
            pending_.clear();
    }

    void handle_signals() {
        while (const auto caught = signals_.next()) {
            if (caught->signal == SIGCHLD) {
                if (!child_->in_session()) child_news();
            } else if (caught->signal == SIGWINCH) {
                copy_sizes();
            } else if (caught->signal == SIGCONT) {
                if (session_) terminal_.raw();
                copy_sizes();
            } else if (caught->by_user || session_) {
                // The terminal's own signals have reached the program by themselves, unless it has
                // its own session.
                child_->send(caught->signal);
            }
        }
    }

    void copy_sizes() {
        for (const Channel& channel : channels_)
            if (channel.open() && isatty(channel.target) == 1)
                copy_window_size(channel.target, channel.source.get());
    }

    void child_news() {
        ChildNews news;
        if (end_ || !child_->news(news)) return;
        if (news.kind == ChildNews::Kind::stopped) return stop_too(WSTOPSIG(news.status));
        end_ = WIFSIGNALED(news.status)
                   ? RelayEnd{128 + WTERMSIG(news.status), WTERMSIG(news.status)}
                   : RelayEnd{WEXITSTATUS(news.status), 0};
    }

    // Whoever watches us sees a job that was stopped; when it is let go on, so is the program.
    void stop_too(int signal) {
        for (Channel& channel : channels_)
            while (channel.open() && channel.take(buffer_) && channel.open() &&
                   !channel.out.empty()) {
            }
        terminal_.restore();
        if (session_)
            kill(0, signal == SIGSTOP ? SIGTSTP : signal);
        else
            kill(getpid(), SIGSTOP);
        if (session_) terminal_.raw();
        copy_sizes();
        child_->go_on();
    }

    void check_restart() {
        if (!options_.restart || end_) return;
        if (!asked_to_end_ && options_.restart()) {
            asked_to_end_ = Clock::now();
            child_->send(SIGTERM);
            child_->send(SIGCONT);
        }
        if (asked_to_end_ && Clock::now() - *asked_to_end_ > patience) child_->send(SIGKILL);
    }

    // What the program has written before it ended is there already; only a pseudo-terminal may
    // take a moment to hand it over, and to say that nobody else holds it.
    void drain() {
        const auto until = Clock::now() + std::chrono::milliseconds(100);
        for (Channel& channel : channels_)
            while (channel.open()) {
                if (channel.take(buffer_)) continue;
                if (!session_ && isatty(channel.target) != 1) break;
                if (Clock::now() > until) break;
                pollfd ready{channel.source.get(), POLLIN, 0};
                poll(&ready, 1, idle_milliseconds);
            }
    }

    void leave_a_child_behind() {
        if (fork() != 0) return;
        // Our own end may hang up the terminal (SIGHUP to all that is in front): out of its reach
        // first, and only then without the handlers.
        setsid();
        signals_.restore();
        if (session_ && channels_[0].open()) pass_output_unchanged(channels_[0].source.get());
        while (any_open()) {
            std::vector<pollfd> fds;
            fds.reserve(channels_.size());
            for (const Channel& channel : channels_)
                fds.push_back({channel.source.get(), POLLIN, 0});
            if (poll(fds.data(), fds.size(), wait_milliseconds()) < 0 && errno != EINTR) break;
            for (std::size_t i = 0; i < channels_.size(); ++i)
                if (fds[i].revents != 0) channels_[i].take(buffer_);
            for (Channel& channel : channels_)
                channel.idle();
        }
        _exit(0);
    }

    RelayOptions& options_;
    SignalWatch signals_;
    RawTerminal terminal_;
    std::vector<Channel> channels_;
    std::vector<Descriptor> ends_; // the program's, until it is started
    Descriptor slave_;
    Streams streams_{-1, -1, -1};
    std::string buffer_ = std::string(read_size, '\0');
    std::string pending_; // keys that the program has not taken yet
    RelayChild* child_ = nullptr;
    std::optional<RelayEnd> end_;
    std::optional<Clock::time_point> asked_to_end_;
    int keyboard_ = -1;
    bool session_ = false;
    bool keys_ended_ = false;
};

} // namespace

Result<RelayEnd> run_relayed(Program& program, RelayOptions& options) {
    return Relay(options).run(program);
}

int end_like(const RelayEnd& end) {
    if (end.signal == 0) return end.exit_code;
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    (void)std::signal(end.signal, SIG_DFL);
    (void)raise(end.signal);
    return end.exit_code;
}

} // namespace stanch::os
