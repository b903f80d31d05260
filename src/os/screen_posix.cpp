#include "os/screen.h"

#include "os/file.h"
#include "os/pty.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace stanch::os {
namespace {

// So long after an escape character, its sequence must have come.
constexpr int escape_milliseconds = 40;
// A changed window size is looked for so often while no key comes.
constexpr int idle_milliseconds = 500;

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool ready(int fd, int milliseconds) {
    pollfd wanted{fd, POLLIN, 0};
    return poll(&wanted, 1, milliseconds) > 0;
}

// '\0' at the end of the input.
char read_byte(int fd) {
    char c = 0;
    while (true) {
        const ssize_t n = read(fd, &c, 1);
        if (n == 1) return c;
        if (n < 0 && errno == EINTR) continue;
        return 0;
    }
}

std::string escape_sequence(int fd) {
    if (!ready(fd, escape_milliseconds)) return "escape";
    const char kind = read_byte(fd);
    if (kind != '[' && kind != 'O') return "escape";
    std::string rest;
    while (rest.size() < 8) {
        const char c = read_byte(fd);
        rest += c;
        if (c == 0 || (c >= '@' && c <= '~')) break;
    }
    if (rest == "A") return "up";
    if (rest == "B") return "down";
    if (rest == "C") return "right";
    if (rest == "D") return "left";
    if (rest == "5~") return "page up";
    if (rest == "6~") return "page down";
    return "unknown";
}

std::string character(int fd, char first) {
    const auto byte = static_cast<unsigned char>(first);
    std::string out(1, first);
    const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    for (int i = 0; i < more; ++i)
        out += read_byte(fd);
    return out;
}

} // namespace

struct Screen::State {
    int in = 0;
    int out = 1;
    RawTerminal modes;
    mutable Size last{0, 0};
    State(int i, int o) : in(i), out(o), modes(i) {}
};

bool is_terminal(int fd) {
    return isatty(fd) == 1;
}

Result<std::string> read_typed_line(int fd, std::size_t limit) {
    std::string line;
    while (line.size() < limit) {
        char c = 0;
        const ssize_t n = read(fd, &c, 1);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("cannot read", "standard input", errno));
        if (n == 0 || c == '\n') break;
        line += c;
    }
    return line;
}

Screen::Screen(std::unique_ptr<State> state) : state_(std::move(state)) {}
Screen::Screen(Screen&&) noexcept = default;

Result<Screen> Screen::open(int in, int out) {
    if (!is_terminal(in) || !is_terminal(out))
        return fail(ErrorKind::usage, "there is no terminal here");
    auto state = std::make_unique<State>(in, out);
    state->modes.raw();
    write_all(out, "\x1b[?1049h\x1b[?25l");
    return Screen(std::move(state));
}

Screen::~Screen() {
    if (!state_) return;
    write_all(state_->out, "\x1b[?25h\x1b[?1049l");
    state_->modes.restore();
}

Screen::Size Screen::size() const {
    winsize window{};
    if (ioctl(state_->out, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
        return {};
    return {window.ws_col, window.ws_row};
}

Result<void> Screen::show(const std::vector<std::string>& rows) const {
    state_->last = size();
    std::string frame = "\x1b[H";
    for (std::size_t i = 0; i < rows.size(); ++i)
        frame += rows[i] + "\x1b[K" + (i + 1 < rows.size() ? "\r\n" : "");
    frame += "\x1b[J";
    if (write_all(state_->out, frame)) return {};
    return fail(ErrorKind::unavailable, "the terminal takes nothing more");
}

std::string Screen::key() const {
    while (!ready(state_->in, idle_milliseconds)) {
        const Size now = size();
        if (now.columns != state_->last.columns || now.rows != state_->last.rows) return "resize";
    }
    const char c = read_byte(state_->in);
    if (c == 0 || c == 3) return "interrupt";
    if (c == '\r' || c == '\n') return "enter";
    if (c == 127 || c == 8) return "backspace";
    if (c == 27) return escape_sequence(state_->in);
    return character(state_->in, c);
}

} // namespace stanch::os
