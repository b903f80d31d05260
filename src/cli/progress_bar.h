// How far a long scan is, on a terminal's stderr.
#pragma once

#include "scan/source.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace stanch::cli {

// Shows itself after a second, ten times a second; goes away when it dies. Where stderr is no
// terminal it does nothing at all.
class ProgressBar {
  public:
    explicit ProgressBar(const scan::Progress& progress);
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    ~ProgressBar();

  private:
    void run();

    const scan::Progress& progress_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool end_ = false;
    std::thread thread_;
};

} // namespace stanch::cli
