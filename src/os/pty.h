// Pseudo-terminals, and the real one's modes.
#pragma once

#include "core/result.h"
#include "os/file.h"

#include <memory>

namespace stanch::os {

struct Pty {
    Descriptor master;
    Descriptor slave;
};

enum class PtyUse {
    session, // takes the terminal's place: same modes, echo and all
    output,  // only looks like a terminal to who writes into it: changes nothing on the way
};

// A new pseudo-terminal with the modes and the size of the terminal `model`. Both ends are
// close-on-exec.
Result<Pty> open_pty(int model, PtyUse use);

// Copies the window size of a terminal to another.
void copy_window_size(int from, int to);

// From now on the pseudo-terminal changes nothing on the way: what comes out of it goes to a
// terminal that does.
void pass_output_unchanged(int master);

// The terminal's own modes, put back when this dies. Raw: every key goes through, ^C and ^Z too.
class RawTerminal {
  public:
    explicit RawTerminal(int fd);
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;
    ~RawTerminal();

    // Nothing happens while this process is in the terminal's background: it would be stopped.
    void raw();
    void restore();
    [[nodiscard]] bool is_raw() const { return is_raw_; }
    [[nodiscard]] bool in_foreground() const;

  private:
    struct Modes;
    int fd_;
    bool is_raw_ = false;
    std::unique_ptr<Modes> before_;
};

} // namespace stanch::os
