// The order of outcomes, whatever the threads do.
#include "scan/engine.h"
#include "scan/source.h"
#include "scan/worker.h"

#include <array>
#include <doctest/doctest.h>
#include <random>
#include <thread>

using namespace stanch;
using namespace stanch::scan;

namespace {

class Numbered : public Task {
  public:
    explicit Numbered(std::uint64_t number) : number_(number) {}
    void run(Worker& /*worker*/, Outcome& outcome) override {
        if (number_ % 97 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        outcome.counts.bytes = number_;
    }

  private:
    std::uint64_t number_;
};

class Numbers : public Source {
  public:
    Numbers(std::uint64_t from, std::uint64_t to) : at_(from), end_(to) {}
    Result<std::unique_ptr<Task>> next() override {
        if (at_ == end_) return nullptr;
        return std::make_unique<Numbered>(at_++);
    }

  private:
    std::uint64_t at_;
    std::uint64_t end_;
};

class Recorder : public Sink {
  public:
    Result<void> take(Outcome outcome) override {
        if (seen.size() == stop_after) return fail(ErrorKind::unavailable, "full");
        seen.push_back(outcome.counts.bytes);
        return {};
    }
    std::vector<std::uint64_t> seen;
    std::size_t stop_after = SIZE_MAX;
};

} // namespace

TEST_CASE("outcomes come in the order of the tasks, source after source") {
    const auto engine = Engine::built_in();
    REQUIRE(engine);
    for (const unsigned threads : {1U, 2U, 8U}) {
        Numbers first(0, 3000);
        Numbers second(3000, 3001);
        Numbers none(0, 0);
        const std::array<Source*, 3> sources{&first, &none, &second};
        Recorder sink;
        ScanOptions options;
        options.threads = threads;
        REQUIRE(run_scan(*engine, sources, sink, options));
        REQUIRE(sink.seen.size() == 3001);
        for (std::uint64_t i = 0; i < 3001; ++i)
            CHECK(sink.seen[i] == i);
    }
}

TEST_CASE("a sink that fails ends the scan") {
    const auto engine = Engine::built_in();
    Numbers numbers(0, 100'000'000);
    const std::array<Source*, 1> sources{&numbers};
    Recorder sink;
    sink.stop_after = 500;
    ScanOptions options;
    options.threads = 4;
    CHECK(run_scan(*engine, sources, sink, options).error().what == "full");
    CHECK(sink.seen.size() == 500);
}
