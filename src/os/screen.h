// The terminal as a screen: its size, its keys, and whole frames.
//
// Works on /dev/tty's two descriptors as given (standard input and output). Not thread-safe.
#pragma once

#include "core/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace stanch::os {

bool is_terminal(int fd);

// One line without its end, as a person types it; empty at the end of the input.
Result<std::string> read_typed_line(int fd, std::size_t limit = 4096);

class Screen {
  public:
    // Takes the terminal over: raw keys, the alternate screen, no cursor. Error where it is none.
    static Result<Screen> open(int in, int out);
    Screen(Screen&&) noexcept;
    Screen& operator=(Screen&&) = delete;
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    // Gives it back as it was.
    ~Screen();

    struct Size {
        std::size_t columns = 80;
        std::size_t rows = 24;
    };
    [[nodiscard]] Size size() const;
    // Draws the rows from the top; what was there before is gone.
    [[nodiscard]] Result<void> show(const std::vector<std::string>& rows) const;
    // The next key: one character (UTF-8), or "up", "down", "left", "right", "page up", "page
    // down", "enter", "escape", "backspace", "interrupt" (^C, or the terminal went away), "resize".
    [[nodiscard]] std::string key() const;

  private:
    struct State;
    explicit Screen(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace stanch::os
