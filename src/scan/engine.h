// The engine: bytes in, findings out. Three stages, each far rarer than the one before.
//
//   first stage   all rules at once: their literals in one pass, and what must stand around each;
//                 says "rule R may match around byte E"
//   second stage  that rule's own expression on a small window of the real content; says where the
//                 secret stands
//   judge         entropy, checksum, structure, stopwords, allowlists, context; says whether, how
//                 sure, and why
//
// An Engine is immutable and shared by all threads. A Matcher belongs to one thread (scratch
// memory, compiled expressions, reused buffers). Findings come out in the order of their offsets,
// whatever the number of threads.
#pragma once

#include "core/finding.h"
#include "core/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace stanch::catalog {
struct RuleSet;
}

namespace stanch::scan {

// What a matcher looks at: a whole file or blob as UTF-8 or in any single-byte encoding (UTF-16 is
// the caller's to decode). Bytes are matched, so a byte order mark, CRLF or a missing last newline
// make no difference.
//
// A file that is too large to hold is matched in pieces: [first - overlap, last + overlap) for the
// piece [first, last), with `offset`, `line` and `column` of the part's first byte, keeping the
// findings whose offset lies in the piece. That gives the findings of the whole, but for matches
// and encoded runs longer than `overlap`, which are cut, and for rules whose keyword stands
// elsewhere in the file.
struct Content {
    static constexpr std::size_t overlap = std::size_t{64} << 10;
    // As `path`: not known yet. Rules that ask for a path look all the same, so that the findings
    // are those of every path together.
    static constexpr std::string_view any_path{"\0", 1};

    std::string_view bytes;
    std::string_view path;   // for path rules, allowlists and reports
    std::string_view commit; // for allowlists that name commits; empty: see Engine::allowed
    std::uint64_t offset = 0;
    std::size_t line = 1;
    std::size_t column = 1;
};

// A first-stage answer: this rule may have a match around this byte, or text may be encoded before
// it (rule numbers above all rules). A Hit says nothing about bytes more than Matcher::margin
// before `end`, so it holds in any other content that these bytes are copied into. Hits that are
// too many cost time only: confirm() finds nothing there.
struct Hit {
    std::uint32_t rule = 0;
    std::uint64_t end = 0;
    std::uint32_t literal = 0; // begins so far before `end`; 0: not told, which costs time only

    friend auto operator<=>(const Hit&, const Hit&) = default;
};

class Engine {
  public:
    // The rules that are compiled into the binary: nothing is compiled at start-up.
    static Result<Engine> built_in();
    // A user's rules (which may extend the built-in ones): compiled once, then cached by the
    // content's hash.
    static Result<Engine> with(const catalog::RuleSet& rules);

    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine();

    // Changes whenever a finding could change: rules, decoders, judge. Key of every cache of scan
    // results.
    [[nodiscard]] std::string_view digest() const;

    // Whether an allowlist of a rule, or a global one, makes this finding none, now that its commit
    // is known (finding.provenance). For histories, where a finding is confirmed before anyone
    // knows who brought it in.
    [[nodiscard]] bool allowed(const Finding& finding) const;

  private:
    friend class Matcher;
    struct Rules;
    explicit Engine(std::unique_ptr<const Rules> rules);
    std::unique_ptr<const Rules> rules_;
};

class Matcher {
  public:
    explicit Matcher(const Engine& engine);
    Matcher(Matcher&&) noexcept;
    Matcher& operator=(Matcher&&) noexcept;
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;
    ~Matcher();

    // No first-stage match, its one byte of context on each side included, is longer than this: a
    // match that is not wholly inside a window widened by `margin` on both sides does not touch the
    // window. That holds for decoders too.
    static constexpr std::size_t margin = 256;

    // First stage over a part of a content: hits with `offset` added to their ends, in ascending
    // order. Decoders have first-stage patterns of their own, so that find() is complete: confirm()
    // needs nothing else.
    //
    // Scanning what changed is as good as scanning all: where a content is copies of others and new
    // bytes, find() over the new bytes and the joints, widened by `margin`, and the others' hits
    // whose [end - margin, end) was copied whole, moved to their new places, give confirm() the
    // same findings as find() over everything.
    void find(std::string_view window, std::uint64_t offset, std::vector<Hit>& hits);

    // Second stage and judge, on the whole content and with all of its hits, in any order. Hits'
    // ends count from the first byte of `content.bytes`. Appends the findings in the order of their
    // offsets, without duplicates.
    void confirm(const Content& content, std::span<const Hit> hits, std::vector<Finding>& findings);

    // Rules that look at paths only. confirm() leaves them out: a path has no bytes.
    void look_at_path(std::string_view path, std::vector<Finding>& findings);

    // find(), confirm() and look_at_path() over the whole content.
    void scan(const Content& content, std::vector<Finding>& findings);

    // What could not be done since the last call: a rule that ran into its match limit, and where.
    // The scan is then incomplete.
    std::vector<Error> take_troubles();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace stanch::scan
