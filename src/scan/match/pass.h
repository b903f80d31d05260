// The pass of the first stage over a window: where it calls whom, apart from what is done there.
//
// A scan probes and keeps hits (finder.cpp); the price of rules counts what a scan does
// (price.cpp), in the same places.
#pragma once

#include "scan/decode/runs.h"
#include "scan/decode/words.h"
#include "scan/pattern/run_tokens.h"
#include "scan/pattern/sieve.h"

#include <algorithm>

namespace stanch::scan {

// All literals of a set of rules, by where they are looked for. Keeps a reference.
struct Literals {
    Literals() = default;
    explicit Literals(const Probes& probes)
        : anywhere(probes, Anchor::Place::anywhere), tokens(probes),
          before_runs(probes, Anchor::Place::before_run),
          before_words(probes, Anchor::Place::before_word) {}

    Sieve anywhere;
    RunTokens tokens;
    Sieve before_runs;
    Sieve before_words;
};

// Looks into and before long runs. A Sink has
//     literal(anchor, end)   the literal of this anchor, and of those linked to it, ends here
//     token(anchor, end)     the literal of this anchor alone
//     run(range), escape(at) as RunScan finds them
//     part(range, place)     a part of the window that is sieved once more, for literals of this
//     place
template <class Sink>
class RunPass {
  public:
    RunPass(std::string_view window, const Literals& literals, Sink& sink)
        : window_(window), literals_(literals), sink_(sink) {}

    void run(const Range& run) {
        const auto token = [this](std::uint32_t anchor, std::size_t end) {
            sink_.token(anchor, end);
        };
        sink_.run(run);
        literals_.tokens.at_run(window_, run, token);
        if (run.size() >= longer_run)
            before(literals_.before_runs, Anchor::Place::before_run, run, runs_done_);
        if (word_in(window_, run))
            before(literals_.before_words, Anchor::Place::before_word, run, words_done_);
    }
    void escape(std::size_t at) { sink_.escape(at); }

  private:
    // Each byte once: what a literal needs around it does not depend on the run that led to it.
    void before(const Sieve& sieve, Anchor::Place place, const Range& run, std::size_t& done) {
        constexpr std::size_t look_back = near_by + longest_near_word;
        const std::size_t begin = std::max(done, run.begin > look_back ? run.begin - look_back : 0);
        done = run.end - shortest_run + 1;
        const Range part{std::min(begin, done), done};
        sink_.part(part, place);
        sieve.in(window_, part,
                 [this](std::uint32_t anchor, std::size_t end) { sink_.literal(anchor, end); });
    }

    std::string_view window_;
    const Literals& literals_;
    Sink& sink_;
    std::size_t runs_done_ = 0;
    std::size_t words_done_ = 0;
};

template <class Sink>
void pass_anywhere(std::string_view window, const Literals& literals, Sink& sink) {
    literals.anywhere.in(window, {0, window.size()},
                         [&](std::uint32_t anchor, std::size_t end) { sink.literal(anchor, end); });
}

template <class Sink>
void pass_runs(std::string_view window, const Literals& literals, Sink& sink) {
    RunPass<Sink> pass(window, literals, sink);
    RunScan<RunPass<Sink>>(window, pass).all();
}

} // namespace stanch::scan
