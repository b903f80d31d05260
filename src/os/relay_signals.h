// Signals as bytes in a pipe, so that one poll() waits for everything. One watcher at a time.
#pragma once

#include "os/file.h"

#include <csignal>
#include <optional>
#include <string>

namespace stanch::os {

struct Caught {
    int signal = 0;
    bool by_user = false; // sent by a process, not by the terminal
};

class SignalWatch {
  public:
    SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;
    ~SignalWatch(); // puts the handlers back

    [[nodiscard]] int fd() const { return read_.get(); }
    std::optional<Caught> next();

    // In a child before exec: the handlers that stanch was started with.
    void restore() const;

  private:
    Descriptor read_;
    Descriptor write_;
};

} // namespace stanch::os
