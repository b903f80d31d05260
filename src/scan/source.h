// A scan: sources hand out tasks, workers run them, a sink takes what they bring back, in the order
// of the tasks.
//
//     Source (work tree, stdin, history, …)  →  Task  →  Worker (one a thread)  →  Outcome  →  Sink
//
// Tasks are numbered as they are handed out, and outcomes reach the sink in that order: the answer
// is the same to the byte for one thread and for many. Little is in flight: a thread that runs
// ahead waits until the sink has caught up, so that memory stays flat however large the tree is.
#pragma once

#include "core/finding.h"
#include "core/result.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace stanch::scan {

class Engine;
class KnownDigests;
class KnownValues;
class Worker; // scan/worker.h

// Something that was not looked at, wholly or in part.
struct Note {
    enum class Kind {
        skipped,    // by design: not part of what was asked for; counted, named under --verbose
        incomplete, // could not be looked at: always named, and the scan's exit code says so
    };
    Kind kind = Kind::skipped;
    std::string path;
    std::string
        why; // one clause: "a symbolic link, not followed", "cannot open: Permission denied"
    std::string hint; // what to do; may be empty
};

struct Counts {
    std::uint64_t contents =
        0; // files, blobs, members of archives, cells: whatever was matched as one text
    std::uint64_t bytes = 0;   // of those contents, after unpacking
    std::uint64_t allowed = 0; // findings that a comment in the content allows
};

// What one task brings back. Findings are in the order of their contents and offsets.
struct Outcome {
    std::vector<Finding> findings;
    std::vector<Note> notes;
    Counts counts;

    void skip(std::string path, std::string why, std::string hint = {});
    void miss(std::string path, std::string why, std::string hint = {}); // incomplete
    void miss(const Error& error);
};

// A part of the work; run once, on any thread.
class Task {
  public:
    virtual ~Task() = default;
    virtual void run(Worker& worker, Outcome& outcome) = 0;
};

class Source {
  public:
    virtual ~Source() = default;
    // The next task, or nullptr at the end. Called by one thread at a time, by any of them: keep it
    // cheap. What goes wrong belongs into the outcome of a task; an error here ends the scan.
    virtual Result<std::unique_ptr<Task>> next() = 0;
    // How much there is to do, in the unit of `Progress::done`; 0: unknown.
    [[nodiscard]] virtual std::uint64_t expected() const { return 0; }
};

class Sink {
  public:
    virtual ~Sink() = default;
    // One call at a time, in the order of the tasks. An error (a full disk, a closed pipe) ends the
    // scan.
    virtual Result<void> take(Outcome outcome) = 0;
};

// What a progress bar reads, from another thread.
struct Progress {
    std::atomic<std::uint64_t> contents{0};
    std::atomic<std::uint64_t> bytes{0};
};

// Limits on what is unpacked from one file on disk, whatever its nesting: archives are not to be
// bombs.
struct Limits {
    std::uint64_t unpacked_bytes = std::uint64_t{2}
                                   << 30; // of one outermost archive, all levels together
    std::uint64_t members = 1'000'000;    // likewise
    unsigned depth = 8;                   // archives inside archives

    friend bool operator==(const Limits&, const Limits&) = default;
};

struct ScanOptions {
    unsigned threads = 0; // 0: one a processor
    Limits limits;
    bool allow_comments = true; // honour stanch:allow and its like (scan/allow.h)
    Progress* progress = nullptr;
    const KnownValues* known = nullptr; // the team's own secrets (scan/known.h), looked for as well
    const KnownDigests* known_digests = nullptr; // likewise, without the values themselves
};

// Runs every task of the sources, one source after the other.
Result<void> run_scan(const Engine& engine, std::span<Source* const> sources, Sink& sink,
                      const ScanOptions& options);

} // namespace stanch::scan
