#include "cli/say.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

namespace stanch::cli {

bool answer(std::string_view text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

void tell(std::string_view line) {
    const std::string text = std::string(line) + "\n";
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
    return isatty(stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO) == 1;
}

} // namespace stanch::cli
