// rooms: core
#include "core/config.h"
#include "core/manifest.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto config = stanch::Config::parse({reinterpret_cast<const char*>(data), size}, "stanch.toml");
    if (!config) return 0;
    auto root = config->root();
    (void)stanch::read_manifest(root);
    (void)root.finish();
    return 0;
}
