// When a call is tried again, and after how long. Private to the room.
#pragma once

#include "net/http.h"

namespace stanch::net {

// What became of one try.
struct Attempt {
    int status = 0;      // 0: no answer
    bool sent = false;   // the request may have reached the server
    bool broken = false; // the connection failed or ended early
    std::optional<std::string_view> retry_after;
};

// How long to wait before try number `next` (2 is the second); nullopt: no further try.
std::optional<std::chrono::milliseconds> pause_before(int next, const Request& request,
                                                      const Attempt& last, const Options& options);

} // namespace stanch::net
