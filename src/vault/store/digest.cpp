#include "vault/store/digest.h"

#include "vault/store/bytes.h"

#include <sodium.h>

namespace stanch::vault {

std::string blake2b(std::string_view bytes, std::size_t size, std::string_view key) {
    std::string out(size, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                       key.empty() ? nullptr : reinterpret_cast<const unsigned char*>(key.data()),
                       key.size());
    return out;
}

Secret cache_mac_key(const Key& user_key) {
    return derive(user_key, "vault cache");
}
Secret cache_name_key(const Key& user_key) {
    return derive(user_key, "vault cache names");
}

std::uint64_t cache_hash(std::string_view text, const Secret& name_key) {
    // BLAKE2b's shortest output is 16 bytes.
    return ByteReader(blake2b(text, 16, name_key.reveal()).substr(0, 8)).number<std::uint64_t>();
}

} // namespace stanch::vault
