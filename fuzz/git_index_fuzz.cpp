// rooms: git core text os
#include "git/index.h"

#include <cstddef>
#include <cstdint>

namespace git = stanch::git;

// The first byte chooses the format; the rest is an index, whose checksum is left out (zero) so
// that every mutation gets past it, and a split index finds its own bytes as the shared ones.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto format = (data[0] & 1) != 0 ? git::ObjectFormat::sha256 : git::ObjectFormat::sha1;
    std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    bytes.append(git::raw_size(format), '\0');
    const auto index = git::Index::parse(
        bytes, format, [&](const git::ObjectId&) -> stanch::Result<std::string_view> {
            return std::string_view(bytes);
        });
    if (index) (void)index->find("a");
    return 0;
}
