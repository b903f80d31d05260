#include "cli/progress_bar.h"

#include "cli/say.h"
#include "report/report.h"

#include <chrono>

namespace stanch::cli {

using namespace std::chrono_literals;

ProgressBar::ProgressBar(const scan::Progress& progress) : progress_(progress) {
    if (is_terminal(Stream::err)) thread_ = std::thread([this] { run(); });
}

ProgressBar::~ProgressBar() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        end_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

void ProgressBar::run() {
    std::unique_lock lock(mutex_);
    if (ended_.wait_for(lock, 1s, [this] { return end_; })) return;
    const auto started = std::chrono::steady_clock::now() - 1s;
    do {
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        const std::uint64_t bytes = progress_.bytes.load();
        show_progress(
            report::counted(progress_.contents.load(), "file") + ", " + report::bytes_text(bytes) +
            ", " +
            report::bytes_text(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) +
            "/s");
    } while (!ended_.wait_for(lock, 100ms, [this] { return end_; }));
    show_progress("");
}

} // namespace stanch::cli
