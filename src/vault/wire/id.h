// Ids of items, accounts and places: UUIDs, which RFC 9562 writes in lower case and reads in both.
// A server may write them in upper case, here or there. Private to the room.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace stanch::vault {

inline std::string plain_id(std::string_view id) {
    std::string out(id);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

} // namespace stanch::vault
