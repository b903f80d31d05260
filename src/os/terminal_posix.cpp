#include "os/terminal.h"

#include "os/file.h"

#include <cerrno>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace stanch::os {
namespace {

// Echo is off for as long as this lives. A signal that ends the process leaves it to the shell to
// set it right.
class NoEcho {
  public:
    explicit NoEcho(int fd) : fd_(fd) {
        if (tcgetattr(fd_, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        changed_ = tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;
    ~NoEcho() {
        if (changed_) tcsetattr(fd_, TCSAFLUSH, &before_);
    }
    [[nodiscard]] bool works() const { return changed_; }

  private:
    int fd_;
    termios before_{};
    bool changed_ = false;
};

Result<Secret> read_line(int fd) {
    Secret line = Secret::zeroed(4096);
    std::size_t size = 0;
    for (;;) {
        const ssize_t n = read(fd, line.writable().data() + size, 1);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0 || line.writable()[size] == '\n') break;
        if (++size == line.size())
            return fail(ErrorKind::usage, "the answer is longer than 4,095 bytes");
    }
    line.shorten(size);
    return line;
}

} // namespace

Result<Secret> ask_terminal(const std::string& question, bool echo) {
    const Descriptor terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal) return fail(ErrorKind::unavailable, "there is no terminal to ask on");
    const auto ask = [&] {
        [[maybe_unused]] const ssize_t written =
            write(terminal.get(), question.data(), question.size());
        return read_line(terminal.get());
    };
    if (echo) return ask();
    // Before the question: what is typed at once must not be shown, nor thrown away.
    const NoEcho silent(terminal.get());
    if (!silent.works())
        return fail(ErrorKind::unavailable, "this terminal cannot hide what is typed");
    return ask();
}

} // namespace stanch::os
