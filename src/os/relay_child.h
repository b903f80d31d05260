// The started program, behind the relay: directly our child, or under the monitor of a session of
// its own.
#pragma once

#include "os/exec.h"
#include "os/file.h"
#include "os/relay_signals.h"

#include <array>
#include <sys/types.h>

namespace stanch::os {

// What the program gets as its standard streams; -1 leaves ours.
using Streams = std::array<int, 3>;

struct ChildNews {
    enum class Kind { ended, stopped } kind = Kind::ended;
    int status = 0; // as waitpid gives it
};

class RelayChild {
  public:
    // In our session and process group.
    static Result<RelayChild> start(const Execution& execution, const Streams& streams,
                                    const SignalWatch& signals);
    // As the foreground group of a new session on the terminal `slave`.
    static Result<RelayChild> start_session(const Execution& execution, const Streams& streams,
                                            int slave, const SignalWatch& signals);

    // Becomes readable with news, in a session; -1 otherwise: SIGCHLD tells.
    [[nodiscard]] int news_fd() const { return news_.get(); }
    [[nodiscard]] bool in_session() const { return static_cast<bool>(news_); }
    // What has happened since the last call, without waiting.
    bool news(ChildNews& news);
    void send(int signal) const;
    void go_on(); // after a stop

  private:
    pid_t pid_ = 0;     // of the program
    Descriptor news_;   // from the monitor
    Descriptor orders_; // to the monitor; it ends when this is closed
};

} // namespace stanch::os
