// rooms: git core text os
#include "git/config_file.h"
#include "git/refs.h"

#include <cstddef>
#include <cstdint>

namespace git = stanch::git;

// packed-refs, a loose ref, a reflog, a configuration file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto format : {git::ObjectFormat::sha1, git::ObjectFormat::sha256}) {
        (void)git::parse_packed_refs(bytes, format);
        (void)git::parse_loose_ref(bytes, format);
        (void)git::parse_reflog(bytes, format);
    }
    if (const auto config = git::ConfigFile::parse(bytes, "config"))
        (void)config->boolean("core.bare");
    return 0;
}
