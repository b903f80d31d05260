// rooms: vault os text core
#include "vault/crypto/rsa.h"
#include "vault/crypto/sealed.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace stanch;
using namespace stanch::vault;

// EncString and EncArrayBuffer. Nothing that was not sealed under the key may open, and a buffer
// that has the right form is the same in both forms.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Key key = Key::random();
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    if (open_text(input, key) || open_bytes(input, key)) std::abort();
    if (const auto bytes = text_to_bytes(input)) {
        const auto text = bytes_to_text(*bytes);
        if (!text || text_to_bytes(*text).value() != *bytes) std::abort();
    }
    (void)open_rsa(input, Secret(input));
    (void)seal_rsa(key, input);
    // Sealed, then changed where the input says so.
    std::string sealed = seal_bytes(input, key);
    if (open_bytes(sealed, key).value().reveal() != input) std::abort();
    if (size >= 2) {
        const std::size_t at = (data[0] << 8U | data[1]) % sealed.size();
        sealed[at] = static_cast<char>(sealed[at] ^ (data[1] | 1));
        if (open_bytes(sealed, key)) std::abort();
    }
    return 0;
}
