#include "scan/engine.h"
#include "scan/source.h"
#include "scan/worker.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace stanch::scan {
namespace {

// How far the fastest thread may run ahead of the sink, in tasks and in findings that wait.
constexpr std::uint64_t most_tasks_ahead = 1024;
constexpr std::size_t most_findings_waiting = 4096;

struct Job {
    std::unique_ptr<Task> task;
    std::uint64_t number = 0;
};

// Hands out tasks with their numbers.
class Counter {
  public:
    explicit Counter(std::span<Source* const> sources) : sources_(sources) {}

    Result<std::optional<Job>> next() {
        const std::lock_guard lock(mutex_);
        while (!sources_.empty()) {
            STANCH_TRY(std::unique_ptr<Task> task, sources_.front()->next());
            if (task != nullptr) return Job{std::move(task), number_++};
            sources_ = sources_.subspan(1);
        }
        return std::nullopt;
    }

  private:
    std::mutex mutex_;
    std::span<Source* const> sources_;
    std::uint64_t number_ = 0;
};

// Puts the outcomes back into the order of their tasks.
class Turnstile {
  public:
    explicit Turnstile(Sink& sink) : sink_(sink) {}

    // False once the scan has ended early.
    bool pass(std::uint64_t number, Outcome outcome) {
        std::unique_lock lock(mutex_);
        moved_.wait(lock, [&] { return error_ || number == turn_ || has_room(number); });
        if (error_) return false;
        waiting_findings_ += outcome.findings.size();
        waiting_.emplace(number, std::move(outcome));
        while (!error_ && !waiting_.empty() && waiting_.begin()->first == turn_)
            hand_over();
        moved_.notify_all();
        return !error_;
    }

    void stop(Error error) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::move(error);
        moved_.notify_all();
    }

    Result<void> result() {
        if (error_) return std::unexpected(*error_);
        return {};
    }

  private:
    [[nodiscard]] bool has_room(std::uint64_t number) const {
        return number < turn_ + most_tasks_ahead && waiting_findings_ < most_findings_waiting;
    }

    void hand_over() {
        Outcome outcome = std::move(waiting_.begin()->second);
        waiting_.erase(waiting_.begin());
        waiting_findings_ -= outcome.findings.size();
        ++turn_;
        if (auto taken = sink_.take(std::move(outcome)); !taken) error_ = std::move(taken).error();
    }

    std::mutex mutex_;
    std::condition_variable moved_;
    Sink& sink_;
    std::map<std::uint64_t, Outcome> waiting_;
    std::size_t waiting_findings_ = 0;
    std::uint64_t turn_ = 0;
    std::optional<Error> error_;
};

class Crew {
  public:
    Crew(const Engine& engine, const ScanOptions& options, std::span<Source* const> sources,
         Sink& sink)
        : engine_(engine), options_(options), counter_(sources), turnstile_(sink) {}

    Result<void> run(unsigned threads) {
        // A second thread costs more than a single task is worth.
        STANCH_TRY(std::optional<Job> first, counter_.next());
        if (!first) return {};
        STANCH_TRY(std::optional<Job> second, counter_.next());
        std::deque<Job> begun;
        begun.push_back(std::move(*first));
        if (second) begun.push_back(std::move(*second));
        std::vector<std::jthread> others;
        for (unsigned i = 1; second && i < threads; ++i)
            others.emplace_back([this] { work({}); });
        work(std::move(begun));
        others.clear();
        return turnstile_.result();
    }

  private:
    void work(std::deque<Job> begun) {
        Worker worker(engine_, options_);
        while (true) {
            std::optional<Job> job;
            if (!begun.empty()) {
                job = std::move(begun.front());
                begun.pop_front();
            } else if (!take(job)) {
                return;
            }
            Outcome outcome;
            job->task->run(worker, outcome);
            job->task.reset();
            count(outcome.counts);
            if (!turnstile_.pass(job->number, std::move(outcome))) return;
        }
    }

    bool take(std::optional<Job>& job) {
        auto next = counter_.next();
        if (!next)
            turnstile_.stop(std::move(next).error());
        else
            job = std::move(*next);
        return job.has_value();
    }

    void count(const Counts& counts) const {
        if (options_.progress == nullptr) return;
        options_.progress->contents.fetch_add(counts.contents, std::memory_order_relaxed);
        options_.progress->bytes.fetch_add(counts.bytes, std::memory_order_relaxed);
    }

    const Engine& engine_;
    const ScanOptions& options_;
    Counter counter_;
    Turnstile turnstile_;
};

} // namespace

Result<void> run_scan(const Engine& engine, std::span<Source* const> sources, Sink& sink,
                      const ScanOptions& options) {
    const unsigned threads =
        options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    return Crew(engine, options, sources, sink).run(threads);
}

} // namespace stanch::scan
