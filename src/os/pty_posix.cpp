#include "os/pty.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace stanch::os {
namespace {

void set_modes(int model, int slave, PtyUse use) {
    termios modes{};
    if (tcgetattr(model, &modes) != 0) return;
    if (use == PtyUse::output) {
        modes.c_oflag &= ~static_cast<tcflag_t>(OPOST);
        modes.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ISIG | ICANON);
    }
    tcsetattr(slave, TCSANOW, &modes);
}

} // namespace

Result<Pty> open_pty(int model, PtyUse use) {
    Descriptor master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!master) return std::unexpected(system_error("cannot open a pseudo-terminal", {}, errno));
    char name[128];
    if (grantpt(master.get()) != 0 || unlockpt(master.get()) != 0 ||
        ptsname_r(master.get(), name, sizeof name) != 0)
        return std::unexpected(system_error("cannot set up a pseudo-terminal", {}, errno));
    Descriptor slave(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!slave) return std::unexpected(system_error("cannot open a pseudo-terminal", {}, errno));
    set_modes(model, slave.get(), use);
    copy_window_size(model, slave.get());
    return Pty{std::move(master), std::move(slave)};
}

void copy_window_size(int from, int to) {
    winsize size{};
    if (ioctl(from, TIOCGWINSZ, &size) == 0) ioctl(to, TIOCSWINSZ, &size);
}

void pass_output_unchanged(int master) {
    termios modes{};
    if (tcgetattr(master, &modes) != 0) return;
    modes.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    tcsetattr(master, TCSANOW, &modes);
}

struct RawTerminal::Modes {
    termios value{};
};

RawTerminal::RawTerminal(int fd) : fd_(fd), before_(std::make_unique<Modes>()) {}

RawTerminal::~RawTerminal() {
    restore();
}

bool RawTerminal::in_foreground() const {
    return tcgetpgrp(fd_) == getpgrp();
}

void RawTerminal::raw() {
    if (is_raw_ || !in_foreground() || tcgetattr(fd_, &before_->value) != 0) return;
    termios modes = before_->value;
    cfmakeraw(&modes);
    is_raw_ = tcsetattr(fd_, TCSADRAIN, &modes) == 0;
}

void RawTerminal::restore() {
    if (!is_raw_) return;
    is_raw_ = false;
    if (in_foreground()) tcsetattr(fd_, TCSADRAIN, &before_->value);
}

} // namespace stanch::os
