// How old a revision is, by the clock of the server that shows it. Private to the room.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace stanch::vault {

// From an item's revisionDate (RFC 3339) and the Date header of the answer that had it (whole
// seconds, RFC 9110 §5.6.7): at least so long ago; never negative. nullopt where one of them is no
// date.
std::optional<std::chrono::milliseconds> age(std::string_view revision, std::string_view date);

} // namespace stanch::vault
