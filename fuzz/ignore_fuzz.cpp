// rooms: git
#include "git/ignore.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace stanch::git;

// First line: a path. The rest: a list of patterns. A pattern of literals matches itself, folding
// case or not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    const std::string_view path = text.substr(0, end);
    for (const bool fold : {false, true}) {
        const IgnoreFile file(text.substr(end + 1), "", fold);
        (void)file.verdict(path, true);
        (void)file.verdict(path, false);
        const bool literal = path.find_first_of("*?[\\") == std::string_view::npos;
        if (literal && !Wildmatch(path, fold).matches(path)) std::abort();
    }
    return 0;
}
