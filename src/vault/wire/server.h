// Which addresses a Bitwarden server answers at.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace stanch::vault {

struct Server {
    std::string web;      // as people know it, without a '/' at the end; what links are made of
    std::string identity; // tokens
    std::string api;

    // "us", "eu", "https://vault.example.com". https only, loopback excepted; no query, no user.
    static Result<Server> parse(std::string_view text);

    // Where a Send's link points: "https://send.bitwarden.com/#" or "B/#/send/".
    [[nodiscard]] std::string send_link() const;
};

} // namespace stanch::vault
