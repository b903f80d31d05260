// The second stage's regular expressions: RE2, or PCRE2 where one needs look-around and the like.
//
// RE2 is linear in the text whatever the expression; PCRE2 runs under a match limit, and says so
// when it meets it. Our own expressions run on PCRE2 too, whose compiled code needs no warming up:
// on windows of some hundred bytes it takes a tenth of the time of automata that are still being
// built. Where one of them meets the limit, RE2 takes its place. Thread-safe.
#pragma once

#include "core/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::scan {

// Byte offsets into the text; begin == npos: the group took no part.
struct Range {
    std::size_t begin = std::string_view::npos;
    std::size_t end = std::string_view::npos;

    [[nodiscard]] bool taken() const { return begin != std::string_view::npos; }
    [[nodiscard]] std::size_t size() const { return taken() ? end - begin : 0; }
    friend auto operator<=>(const Range&, const Range&) = default;
};

class Regex {
  public:
    enum class From { user, us };
    // Errors: what is wrong, and at which byte of the expression.
    static Result<Regex> compile(std::string_view expression, From from = From::user);
    // One of ours that has been read already. `characters`: Expression::characters.
    static Result<Regex> compile_ours(std::string_view expression, bool characters);

    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;
    ~Regex();

    [[nodiscard]] std::size_t groups() const; // capturing ones

    enum class Found { no, yes, limit }; // limit: given up
    // The leftmost match that starts in [from, last] and ends by `to`; the bytes of `text` before
    // `from` are seen by \b and look-behind. groups[0] is the match; only as many groups as
    // `ranges` holds are filled.
    Found search(std::string_view text, std::size_t from, std::size_t last, std::size_t to,
                 std::vector<Range>& ranges) const;
    [[nodiscard]] bool found_in(std::string_view text) const;

  private:
    struct Engine;
    Regex();
    std::unique_ptr<Engine> engine_;
};

} // namespace stanch::scan
