#include "cli/say.h"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <unistd.h>

namespace stanch::cli {
namespace {

std::mutex speaking;
bool progress_stands = false;

void erase_progress() {
    if (!progress_stands) return;
    (void)std::fputs("\r\x1b[K", stderr);
    progress_stands = false;
}

} // namespace

bool answer(std::string_view text) {
    const std::lock_guard lock(speaking);
    erase_progress();
    if (text.empty()) return true; // of an empty Secret, data() is null: not for fwrite
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

bool answered() {
    const std::lock_guard lock(speaking);
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

void tell(std::string_view line) {
    // Where both streams go to one place, they stay in order.
    (void)std::fflush(stdout);
    const std::string text = std::string(line) + "\n";
    const std::lock_guard lock(speaking);
    erase_progress();
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

void say_error(const Error& error) {
    tell("stanch: " + (error.where.empty() ? "" : error.where + ": ") + error.what);
    if (!error.hint.empty()) tell("  " + error.hint);
}

bool colour(Stream stream) {
    const char* refused = std::getenv("NO_COLOR");
    if (refused != nullptr && *refused != '\0') return false;
    const char* terminal = std::getenv("TERM");
    if (terminal == nullptr || std::string_view(terminal) == "dumb") return false;
    return is_terminal(stream);
}

bool is_terminal(Stream stream) {
    return isatty(stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO) == 1;
}

void show_progress(std::string_view line) {
    const std::lock_guard lock(speaking);
    const std::string text = "\r\x1b[K" + std::string(line);
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
    (void)std::fflush(stderr);
    progress_stands = !line.empty();
}

} // namespace stanch::cli
