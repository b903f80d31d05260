#include "os/interrupt.h"

#include <csignal>

namespace stanch::os {
namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free); // or a handler could not set it

extern "C" void set_stop(int) {
    stop.store(true, std::memory_order_relaxed);
}

} // namespace

const std::atomic<bool>& stop_on_signals() {
    struct sigaction action{};
    action.sa_handler = set_stop;
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaction(signal, &action, nullptr);
    return stop;
}

} // namespace stanch::os
