// What a dialect builds: entries by offsets, with plain strings that parse() moves into Secrets and
// wipes.
#pragma once

#include "env/dotenv.h"

namespace stanch::env {

struct Draft {
    std::size_t begin = 0; // of the original in the text; the next draft's begin ends it
    std::size_t line = 1;
    std::size_t key_line = 1;
    std::optional<std::string> key = std::nullopt;
    std::optional<std::string> value = std::nullopt;
    // python, instead of `value`: what stands in the text is the value already.
    std::optional<std::string_view> verbatim = std::nullopt;
    std::size_t raw_begin = 0;
    std::size_t raw_end = 0;
    bool error = false;
    std::string_view message = {};
};

struct Drafts {
    std::vector<Draft> list;
    bool refused = false;
};

Drafts read_python(std::string_view text, const ReadOptions& options);
Drafts read_node(std::string_view text, const ReadOptions& options);
Drafts read_compose(std::string_view text, const ReadOptions& options);
Drafts read_docker(std::string_view text, const ReadOptions& options);
Drafts read_uv(std::string_view text, const ReadOptions& options);
Drafts read_posix(std::string_view text, const ReadOptions& options);

inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

} // namespace stanch::env
