// What the files that compute features share: kinds of characters, words in a text, the row.
#pragma once

#include "scan/judge/features.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace stanch::scan::feature {

using Words = std::initializer_list<std::string_view>;

inline bool lower(char c) {
    return c >= 'a' && c <= 'z';
}
inline bool upper(char c) {
    return c >= 'A' && c <= 'Z';
}
inline bool digit(char c) {
    return c >= '0' && c <= '9';
}
inline bool letter(char c) {
    return lower(c) || upper(c);
}
inline bool hex_digit(char c) {
    return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

inline std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (upper(c)) c = static_cast<char>(c | 0x20);
    return out;
}

inline bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline bool holds_any(std::string_view text, Words parts) {
    return std::ranges::any_of(parts, [&](std::string_view part) { return holds(text, part); });
}

inline bool ends_any(std::string_view text, Words parts) {
    return std::ranges::any_of(parts, [&](std::string_view part) {
        return !text.empty() && text.back() == part.back() && text.ends_with(part);
    });
}

inline bool starts_any(std::string_view text, Words parts) {
    return std::ranges::any_of(parts, [&](std::string_view part) {
        return !text.empty() && text.front() == part.front() && text.starts_with(part);
    });
}

template <class Test>
bool all(std::string_view text, Test test) {
    return !text.empty() && std::ranges::all_of(text, test);
}
template <class Test>
bool any(std::string_view text, Test test) {
    return std::ranges::any_of(text, test);
}

class Row {
  public:
    void set(Feature feature, double value) {
        values_[static_cast<std::size_t>(feature)] = static_cast<float>(value);
    }
    [[nodiscard]] double get(Feature feature) const {
        return values_[static_cast<std::size_t>(feature)];
    }
    [[nodiscard]] bool has(Feature feature) const { return get(feature) > 0; }
    [[nodiscard]] const Features& values() const { return values_; }

  private:
    Features values_{};
};

// Of words: the value's and those of the name that it is given; all in lower case but `written`,
// the name as it stands.
void add_words(Row& row, std::string_view value, std::string_view name);
void add_name(Row& row, std::string_view name, std::string_view written);

} // namespace stanch::scan::feature
