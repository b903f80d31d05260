// What rules cost, counted rather than timed: the same on every machine, however busy it is.
//
// A counter goes the first stage's way over a text and counts what is done there, for all rules as
// they stand together and for each as if it stood alone. Each thing done has a price in
// nanoseconds, which `./dev bench engine calibrate` takes from timed runs over real text
// (docs/rules.md). Not thread-safe.
#pragma once

#include "scan/match/pass.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace stanch::scan {

// Everything that costs time. Of a rule, only what comes of its own literals.
struct Work {
    double bytes = 0;      // of text
    double candidates = 0; // of the sieve: places that it cannot rule out at a glance
    double runs = 0;       // long runs, looked into for tokens and encodings
    double sieved = 0;     // bytes before and in them that are sieved once more
    double literals = 0;   // that stand there, and are asked for what stands around them
    double read = 0;       // bytes that automata read around them
    double hits = 0;       // what is left for the second stage
};

// Nanoseconds for each.
struct Prices {
    double byte = 0;
    double candidate = 0;
    double run = 0;
    double sieved = 0;
    double literal = 0;
    double read = 0;
    double hit = 0;     // to keep it
    double confirm = 0; // and the second stage: expression, judge
};

// Of a processor with AVX-512 at 3 GHz, with nothing else to do; how they were found:
// bench/results/engine.md.
inline constexpr Prices usual_prices{.byte = 0.43,
                                     .candidate = 5.6,
                                     .run = 60,
                                     .sieved = 1.32,
                                     .literal = 55,
                                     .read = 2.03,
                                     .hit = 375,
                                     .confirm = 1606};

double first_stage_ns(const Work& work, const Prices& prices);
// Both stages.
double whole_ns(const Work& work, const Prices& prices);

class WorkCounter {
  public:
    // Keeps a reference.
    explicit WorkCounter(const Probes& probes);

    void add(std::string_view text);
    [[nodiscard]] const Work& all() const { return all_; }
    // By the numbers of rules; where a rule has no literal, nothing.
    [[nodiscard]] std::vector<Work> rules() const;

  private:
    struct Counting;
    static std::uint32_t window_code(std::string_view bytes);
    void add_windows(std::string_view text, Range part, Anchor::Place place);
    [[nodiscard]] double windows_like(std::uint32_t anchor) const;

    const Probes& probes_;
    Literals literals_;
    Work all_;
    std::vector<Work> rules_;
    // By the place that is sieved: each window's bytes as the sieve tells them apart.
    std::array<std::vector<std::uint32_t>, 4> windows_;
};

} // namespace stanch::scan
