// What the process does before it touches a secret.
#pragma once

namespace stanch::os {

// No core dump, no ptrace and no /proc/PID/mem by another process of the same user (root excepted).
// Best effort: a system without these switches is not a failure. Call it first thing in main.
void harden_process();

// Gives back what the next program would inherit: the limit of core dumps, and SIGPIPE if it was
// ignored for our own pipes. Async-signal-safe.
void unharden_for_exec();

// Writes to a closed pipe fail with EPIPE from now on, instead of ending the process.
void ignore_broken_pipes();

} // namespace stanch::os
