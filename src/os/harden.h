// What the process does before it touches a secret.
#pragma once

namespace stanch::os {

// No core dump, no ptrace and no /proc/PID/mem by another process of the same user (root excepted).
// Best effort: a system without these switches is not a failure. Call it first thing in main.
void harden_process();

} // namespace stanch::os
