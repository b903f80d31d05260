// Running a program whose output passes through us, as if we were not there.
//
// The program sees terminals where stanch has terminals and pipes where it has none, and the same
// window size.
//
//   - Where standard input and output are a terminal, the program gets a session on a
//   pseudo-terminal of its own, and
//     the real terminal is raw meanwhile: ^C, ^Z, full-screen programs and prompts work inside. A
//     stop inside stops stanch, and `fg` lets both go on. A monitor process leads the session, so
//     that the program's process group is not an orphan (the kernel stops no orphan), and lives as
//     long as anybody writes to that terminal.
//   - Otherwise the program stays in our process group with our standard input, and only its
//   outputs are redirected.
//
// Signals that somebody sends to us go on to the program. When it ends while others still hold its
// outputs (a daemon), what they write is relayed by a child that we leave behind: nothing hangs,
// and nothing is lost.
#pragma once

#include "core/result.h"
#include "os/exec.h"

#include <functional>
#include <string>
#include <string_view>

namespace stanch::os {

// Called in the order of the bytes. Appends to `out` what may go on now.
struct Filter {
    std::function<void(std::string_view chunk, std::string& out)> feed;
    std::function<void(std::string& out)> idle; // nothing came for a while
    std::function<void(std::string& out)> finish;
    std::function<bool()> holds; // something is held back
};

struct RelayEnd {
    int exit_code = 0;
    int signal = 0; // that ended the program; 0: it exited by itself
};

// `restart`, where given, is asked every quarter of a second; true ends the program (SIGTERM, after
// five seconds SIGKILL), and run_relayed returns as after any end.
struct RelayOptions {
    Filter output;
    Filter errors;
    bool filtered = true; // false: outputs are left alone, only `restart` matters
    std::function<bool()> restart;
};

Result<RelayEnd> run_relayed(Program& program, RelayOptions& options);

// Ends this process as the program ended: by the same signal, so that whoever waits for us sees the
// same. Returns the exit code to use where that is not how it ended.
int end_like(const RelayEnd& end);

} // namespace stanch::os
