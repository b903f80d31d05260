// Private to the room: JSON text, piece by piece.
#pragma once

#include "core/finding.h"

#include <string>
#include <string_view>

namespace stanch::report {

// The bytes as valid UTF-8: what is none becomes U+FFFD.
std::string valid_utf8(std::string_view bytes);

// A JSON string with its quotes.
std::string json_string(std::string_view bytes);

// "key":value members of one object.
class JsonObject {
  public:
    JsonObject& text(std::string_view key, std::string_view value) {
        return raw(key, json_string(value));
    }
    JsonObject& number(std::string_view key, std::uint64_t value) {
        return raw(key, std::to_string(value));
    }
    JsonObject& truth(std::string_view key, bool value) {
        return raw(key, value ? "true" : "false");
    }
    // `value` is JSON already.
    JsonObject& raw(std::string_view key, std::string_view value);
    [[nodiscard]] std::string done() const { return "{" + members_ + "}"; }

  private:
    std::string members_;
};

// [1,2]
template <class List, class Show>
std::string json_list(const List& list, Show show) {
    std::string text;
    for (const auto& item : list)
        text += (text.empty() ? "" : ",") + show(item);
    return "[" + text + "]";
}

// 0.25: at most four digits, no trailing zeros.
std::string json_decimal(double value);

// The line of docs/formats.md.
std::string json_finding(const Finding& finding, bool reveal);

} // namespace stanch::report
