// docker run --env-file: NAME=value by the line, nothing is quoted, escaped or expanded. NAME alone
// passes the environment's own value on. One bad line refuses the whole file.
#include "env/draft.h"
#include "env/unicode.h"

#include <algorithm>

namespace stanch::env {
namespace {

constexpr std::size_t longest_line = std::size_t{64} * 1024; // of the reader's buffer

void refuse(Draft& draft, std::string_view message) {
    draft.error = true;
    draft.message = message;
}

// The program's own list: other white space may stand in a name.
bool has_space(std::string_view name) {
    return name.find_first_of(" \t") != std::string_view::npos;
}

void read_line(std::string_view line, Draft& draft, const ReadOptions& options) {
    line.remove_prefix(skip(line, 0, is_unicode_space));
    if (line.empty() || line[0] == '#') return;
    const std::size_t equals = line.find('=');
    const std::string_view name = line.substr(0, equals);
    if (name.empty()) return refuse(draft, "a name was expected before '='");
    if (has_space(name)) return refuse(draft, "the name holds white space");
    draft.key = std::string(name);
    if (equals != std::string_view::npos)
        draft.value = std::string(line.substr(equals + 1));
    else if (options.environment)
        draft.value = options.environment(name);
}

} // namespace

Drafts read_docker(std::string_view text, const ReadOptions& options) {
    Drafts drafts;
    std::size_t number = 1;
    for (std::size_t begin = 0; begin < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        Draft draft{.begin = begin, .line = number, .key_line = number};
        std::string_view line = text.substr(begin, end - begin);
        const bool too_long = line.size() >= longest_line;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (begin == 0 && line.starts_with(byte_order_mark))
            line.remove_prefix(byte_order_mark.size());
        if (too_long)
            refuse(draft, "the line is longer than 64 KiB");
        else if (!valid_utf8(line))
            refuse(draft, "the line is not UTF-8");
        else
            read_line(line, draft, options);
        drafts.refused = drafts.refused || draft.error;
        drafts.list.push_back(std::move(draft));
        begin = end + 1;
    }
    return drafts;
}

} // namespace stanch::env
