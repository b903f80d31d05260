#include "git/object_id.h"

#include "text/encoding.h"

namespace stanch::git {

std::optional<ObjectId> ObjectId::parse(std::string_view hex) {
    if (hex.size() != 40 && hex.size() != 64) return std::nullopt;
    const auto raw = text::hex_decode(hex);
    if (!raw) return std::nullopt;
    return ObjectId(*raw);
}

std::string ObjectId::hex() const {
    return text::hex_encode(raw());
}

} // namespace stanch::git
