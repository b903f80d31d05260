#include "os/harden.h"

#include <csignal>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace stanch::os {
namespace {

rlimit core_limit_before{RLIM_INFINITY, RLIM_INFINITY};
bool core_limit_known = false;
bool pipes_ignored = false;

} // namespace

void harden_process() {
    core_limit_known = getrlimit(RLIMIT_CORE, &core_limit_before) == 0;
    // The hard limit stays: it could not be raised again for a program that `run` becomes.
    const rlimit none{0, core_limit_known ? core_limit_before.rlim_max : 0};
    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void unharden_for_exec() {
    if (core_limit_known) setrlimit(RLIMIT_CORE, &core_limit_before);
    if (pipes_ignored) (void)std::signal(SIGPIPE, SIG_DFL);
}

void ignore_broken_pipes() {
    if (std::signal(SIGPIPE, SIG_IGN) != SIG_IGN) pipes_ignored = true;
}

} // namespace stanch::os
