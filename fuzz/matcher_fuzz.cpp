// rooms: scan catalog os text core rules
// The whole engine with the built-in rules; and, for each input, windows against the whole.
#include "scan/engine.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace stanch;

std::string shown(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings)
        text += std::to_string(finding.offset) + finding.rule +
                std::string(finding.secret.reveal()) + "\n";
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const scan::Engine engine = *scan::Engine::built_in();
    static scan::Matcher matcher(engine);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const scan::Content content{.bytes = text, .path = "fuzz.py", .commit = {}};
    std::vector<Finding> whole;
    std::vector<scan::Hit> hits;
    matcher.find(text, 0, hits);
    matcher.confirm(content, hits, whole);
    hits.clear();
    for (std::size_t at = 0; at < size; at += 300) {
        const std::size_t begin = at > scan::Matcher::margin ? at - scan::Matcher::margin : 0;
        matcher.find(text.substr(begin, at + 300 + scan::Matcher::margin - begin), begin, hits);
    }
    std::vector<Finding> pieces;
    matcher.confirm(content, hits, pieces);
    if (shown(whole) != shown(pieces)) std::abort();
    return 0;
}
