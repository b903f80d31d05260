// rooms: env core
// A stream with secrets in it, cut into chunks anywhere: none comes through, and all else does.
#include "env/mask.h"

#include <cstdlib>

namespace env = stanch::env;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 12) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string_view secrets[] = {input.substr(1, 5), input.substr(4, 6)};
    const env::MaskPatterns patterns(secrets);
    const std::string_view text = input.substr(10);
    const std::size_t chunk = data[0] % 17 + 1;
    env::Mask mask(patterns);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += chunk)
        mask.feed(text.substr(at, chunk), out);
    mask.finish(out);
    bool has = false;
    for (const std::string_view secret : secrets)
        for (const std::string& form : env::forms_of(secret))
            has = has || text.find(form) != std::string_view::npos;
    if (!has && out != text) std::abort();
    // A *** may complete a secret that has stars of its own.
    for (const std::string_view secret : secrets)
        if (secret.find('*') == std::string_view::npos &&
            text.find("*") == std::string_view::npos && out.find(secret) != std::string::npos)
            std::abort();
    return 0;
}
