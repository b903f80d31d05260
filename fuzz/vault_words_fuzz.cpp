// rooms: vault os net text core
#include "vault/item/totp.h"
#include "vault/reference.h"
#include "vault/secrets_manager.h"
#include "vault/team/send_link.h"
#include "vault/wire/server.h"

#include <cstdint>
#include <string_view>

using namespace stanch;
using namespace stanch::vault;

// What people and environments hand in: references, links, access tokens, seeds of one-time codes,
// addresses.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    (void)readings(input);
    (void)parse_reference(input);
    (void)parse_send_link(Secret(input));
    (void)parse_access_token(Secret(input));
    (void)totp_code(Secret(input), 1'700'000'000);
    (void)Server::parse(input);
    return 0;
}
