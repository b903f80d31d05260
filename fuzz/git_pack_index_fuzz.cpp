// rooms: git core text os
#include "git/pack_index.h"

#include <cstddef>
#include <cstdint>

namespace git = stanch::git;

namespace {

void use(const git::PackIndex& index) {
    for (std::uint32_t i = 0; i < index.size(); ++i) {
        (void)index.offset(i);
        (void)index.crc(i);
        (void)index.find(index.oid(i));
    }
    (void)index.verify();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto format : {git::ObjectFormat::sha1, git::ObjectFormat::sha256}) {
        if (const auto index = git::PackIndex::parse(bytes, format)) use(*index);
        const auto midx = git::MultiPackIndex::parse(bytes, format);
        if (!midx) continue;
        (void)midx->verify();
        for (std::uint32_t i = 0; i < midx->pack_names().size() && i < 4; ++i)
            if (const auto index = midx->index_of(i)) use(*index);
    }
    return 0;
}
