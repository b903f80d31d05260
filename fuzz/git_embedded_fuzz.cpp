// rooms: git core text os
#include "git/embedded.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace git = stanch::git;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::size_t objects = 0;
    (void)git::read_embedded(
        bytes, 1 << 20, [&](const git::ObjectId&, const git::Object&) { return ++objects < 1000; });
    return 0;
}
