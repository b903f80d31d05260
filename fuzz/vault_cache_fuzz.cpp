// rooms: vault os text core
#include "vault/store/bytes.h"
#include "vault/store/cache.h"
#include "vault/store/cache_format.h"
#include "vault/store/digest.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

using namespace stanch;
using namespace stanch::vault;

namespace {

std::string memory_file(std::string_view content) {
    static const int fd = memfd_create("cache", 0);
    if (ftruncate(fd, 0) != 0 ||
        pwrite(fd, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size()))
        std::abort();
    return "/proc/self/fd/" + std::to_string(fd);
}

void read_all(std::string_view content, const Key& key) {
    const auto cache = Cache::open(memory_file(content), key, "user");
    if (!cache) return;
    (void)cache->entries();
    (void)cache->places();
    (void)cache->named("x");
    for (std::size_t i = 0; i < cache->size() && i < 8; ++i)
        (void)cache->body(i);
}

// A file whose MAC and digests are right, over sections that are the input's: what only a holder of
// the key could write, but it must not crash a reader either.
Bytes authentic(std::string_view input, const Key& key) {
    std::array<std::string_view, cache_sections> parts{};
    for (std::string_view& part : parts) {
        if (input.empty()) continue;
        const std::size_t size = std::min<std::size_t>(
            static_cast<unsigned char>(input[0]) * std::size_t{2}, input.size() - 1);
        part = input.substr(1, size);
        input.remove_prefix(1 + size);
    }
    Bytes file;
    ByteWriter out(file);
    out.raw(cache_magic);
    out.raw(blake2b("user", cache_digest_size));
    out.number(std::int64_t{1});
    out.number(std::int64_t{2});
    std::uint64_t offset = cache_header_size;
    for (const std::string_view part : parts) {
        out.number(offset);
        out.number(std::uint64_t{part.size()});
        out.raw(blake2b(part, cache_digest_size));
        offset += part.size();
    }
    out.raw(blake2b(view(file), cache_digest_size, cache_mac_key(key).reveal()));
    for (const std::string_view part : parts)
        out.raw(part);
    return file;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Key key = Key::random();
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (Cache::open(memory_file(input), key, "user")) std::abort(); // nobody guesses the MAC
    read_all(view(authentic(input, key)), key);
    return 0;
}
