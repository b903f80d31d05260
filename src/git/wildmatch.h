// Git's wildcard patterns (gitignore(5), "PATTERN FORMAT"), matched in time proportional to pattern
// times text: a pattern that somebody made on purpose cannot hang a scan.
//
//   ?      one character but '/'             *     any number of them
//   [a-z]  a set, [!a-z] or [^a-z] its rest, [:alpha:] and its like inside
//   \c     the character c                   **    between slashes or at an end: any number of
//   directories
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace stanch::git {

// Immutable; use it from any thread.
class Wildmatch {
  public:
    // `fold_case` compares ASCII letters without regard to case, as core.ignoreCase does.
    explicit Wildmatch(std::string_view pattern, bool fold_case = false);
    Wildmatch(Wildmatch&&) noexcept;
    Wildmatch& operator=(Wildmatch&&) noexcept;
    Wildmatch(const Wildmatch&) = delete;
    Wildmatch& operator=(const Wildmatch&) = delete;
    ~Wildmatch();

    // Whether the whole text matches.
    [[nodiscard]] bool matches(std::string_view text) const;

  private:
    struct Steps;
    std::unique_ptr<const Steps> steps_;
};

} // namespace stanch::git
