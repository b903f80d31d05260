// The engine: bytes in, findings out. Three stages, each far rarer than the one before.
//
//   first stage   all rules at once: one precompiled Vectorscan database, block mode; says "rule R
//   may end at byte E" second stage  that rule's own expression on a small window of the real
//   content; says where the secret stands judge         entropy, checksum, structure, stopwords,
//   allowlists, context; says whether, how sure, and why
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
class RuleSet;
}

namespace stanch::scan {

// What a matcher looks at: a whole file or blob, decoded to UTF-8 if it was UTF-16.
struct Content {
    std::string_view bytes;
    std::string_view path; // for path rules, allowlists and reports
};

// A first-stage answer: this rule may have a match that ends at this byte (exclusive).
struct Hit {
    std::uint32_t rule = 0;
    std::uint64_t end = 0;

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

  private:
    friend class Matcher;
    struct Rules;
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
    // window.
    static constexpr std::size_t margin = 256;

    // First stage over a part of a content: hits with `offset` added to their ends, in ascending
    // order of end. Decoders have first-stage patterns of their own, so that find() is complete:
    // confirm() needs nothing else.
    void find(std::string_view window, std::uint64_t offset, std::vector<Hit>& hits);

    // Second stage and judge, on the whole content. Appends the findings of these hits (sorted,
    // without duplicates).
    void confirm(const Content& content, std::span<const Hit> hits, std::vector<Finding>& findings);

    // find() and confirm() over the whole content.
    void scan(const Content& content, std::vector<Finding>& findings);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace stanch::scan
