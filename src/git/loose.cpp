#include "git/loose.h"

#include <algorithm>
#include <charconv>

namespace stanch::git {
namespace {

std::unexpected<Error> damaged(std::string what) {
    return fail(ErrorKind::incomplete, "a damaged loose object: " + std::move(what), {},
                "run 'git fsck'");
}

} // namespace

std::optional<LooseHeader> parse_loose_header(std::string_view inflated) {
    const std::size_t nul = inflated.substr(0, loose_header_limit).find('\0');
    const std::size_t space = inflated.substr(0, std::min(nul, inflated.size())).find(' ');
    if (nul == std::string_view::npos || space == std::string_view::npos) return std::nullopt;
    const auto type = parse_object_type(inflated.substr(0, space));
    LooseHeader header;
    const char* end = inflated.data() + nul;
    const auto [at, error] = std::from_chars(inflated.data() + space + 1, end, header.size);
    if (!type || error != std::errc() || at != end) return std::nullopt;
    header.type = *type;
    header.length = nul + 1;
    return header;
}

Result<Object> parse_loose(std::string_view file, Inflater& inflater, std::uint64_t limit) {
    // The size stands inside the stream: guess, and grow until it fits.
    std::string inflated;
    std::size_t room = std::max<std::size_t>(4096, file.size() * 5);
    for (;; room *= 4) {
        if (room > limit + loose_header_limit) room = limit + loose_header_limit;
        inflated.resize(room);
        bool too_small = false;
        const auto size = inflater.inflate_up_to(file, inflated, too_small);
        if (size) {
            inflated.resize(*size);
            break;
        }
        if (!too_small) return damaged("its zlib stream");
        if (room == limit + loose_header_limit)
            return fail(ErrorKind::incomplete, "an object larger than can be read");
    }
    const auto header = parse_loose_header(inflated);
    if (!header) return damaged("its header");
    if (header->size != inflated.size() - header->length) return damaged("its size");
    inflated.erase(0, header->length);
    return Object{header->type, std::move(inflated)};
}

} // namespace stanch::git
