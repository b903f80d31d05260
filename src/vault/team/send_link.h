// The parts of a Send's link. Private to the room.
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <string>

namespace stanch::vault {

struct SendLink {
    std::string server; // what Server::parse takes
    std::string access_id;
    Secret material; // 16 bytes
};

// "https://HOST/#/send/<id>/<key>", "https://send.bitwarden.com/#<id>/<key>". The error does not
// repeat it.
Result<SendLink> parse_send_link(const Secret& link);

} // namespace stanch::vault
