// A way to end long work early: Ctrl-C and SIGTERM set a flag instead of ending the process.
//
// The second signal of a kind ends it as usual. Process-wide; call it from main's thread.
#pragma once

#include <atomic>

namespace stanch::os {

// From the first call on. The flag lives as long as the process.
const std::atomic<bool>& stop_on_signals();

} // namespace stanch::os
