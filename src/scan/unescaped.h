// A text with its escapes undone, and the way back to the original's offsets.
//
// Thread-safe: immutable after construction. The copy is wiped when it dies, since it may hold what
// was hidden.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

enum class Escape {
    percent,   // %XX (RFC 3986)
    form,      // the same, and '+' is a space (application/x-www-form-urlencoded)
    backslash, // \n \t \" \\ \/ \xXX \uXXXX: JSON, Python, C, JavaScript
};

class Unescaped {
  public:
    Unescaped(std::string_view text, Escape escape);
    Unescaped(const Unescaped&) = delete;
    Unescaped& operator=(const Unescaped&) = delete;
    ~Unescaped();

    // Nothing was escaped: text() is empty, and there is nothing new to look at.
    [[nodiscard]] bool same() const { return joints_.empty(); }
    [[nodiscard]] std::string_view text() const { return text_; }
    // The offset in the original of the character at `at` (or of the end).
    [[nodiscard]] std::size_t original(std::size_t at) const;

  private:
    struct Joint {
        std::size_t here = 0; // behind the unescaped character
        std::size_t there = 0;
    };
    std::string text_;
    std::vector<Joint> joints_;
};

} // namespace stanch::scan
