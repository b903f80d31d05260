#include "os/relay_signals.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace stanch::os {
namespace {

constexpr std::array watched{SIGCHLD, SIGWINCH, SIGCONT, SIGTERM, SIGHUP,
                             SIGINT,  SIGQUIT,  SIGUSR1, SIGUSR2, SIGALRM};

int target = -1;
std::array<struct sigaction, watched.size()> before{};

void note(int signal, siginfo_t* info, void*) {
    const int saved = errno;
    // SI_USER and SI_QUEUE come from a process; the terminal's own come from the kernel.
    const bool by_user = info->si_code <= 0;
    const std::array<unsigned char, 2> message{static_cast<unsigned char>(signal),
                                               static_cast<unsigned char>(by_user)};
    [[maybe_unused]] const ssize_t written = write(target, message.data(), message.size());
    errno = saved;
}

} // namespace

SignalWatch::SignalWatch() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
    read_ = Descriptor(ends[0]);
    write_ = Descriptor(ends[1]);
    target = ends[1];
    for (std::size_t i = 0; i < watched.size(); ++i) {
        struct sigaction action{};
        action.sa_sigaction = note;
        action.sa_flags = SA_SIGINFO | SA_RESTART;
        sigfillset(&action.sa_mask);
        sigaction(watched[i], nullptr, &before[i]);
        // What was ignored stays ignored (nohup), but for the two that the relay itself needs.
        if (before[i].sa_handler == SIG_IGN && watched[i] != SIGCHLD && watched[i] != SIGCONT)
            continue;
        sigaction(watched[i], &action, nullptr);
    }
}

void SignalWatch::restore() const {
    for (std::size_t i = 0; i < watched.size(); ++i)
        sigaction(watched[i], &before[i], nullptr);
}

SignalWatch::~SignalWatch() {
    restore();
    target = -1;
}

std::optional<Caught> SignalWatch::next() {
    std::array<unsigned char, 2> message{};
    if (read(read_.get(), message.data(), message.size()) != static_cast<ssize_t>(message.size()))
        return std::nullopt;
    return Caught{message[0], message[1] != 0};
}

} // namespace stanch::os
