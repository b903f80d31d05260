// rooms: git core text os
#include "git/loose.h"
#include "git/pack.h"

#include <cstddef>
#include <cstdint>

namespace git = stanch::git;

// A loose object's file, an inflated header, and a pack entry's header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    git::Inflater inflater;
    (void)git::parse_loose(bytes, inflater, 1 << 20);
    (void)git::parse_loose_header(bytes);
    (void)git::parse_entry_header(bytes, 1 << 20, git::ObjectFormat::sha1);
    (void)git::parse_entry_header(bytes, 1 << 20, git::ObjectFormat::sha256);
    return 0;
}
