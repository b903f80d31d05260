// What earlier scans of a history know: which objects were looked at, where something was found,
// and where it came from: ids, fingerprints and places. The report itself is kept sealed
// (scan/sealed_report.h).
//
// One file for each repository, whose clones and worktrees share it (they have the same first id),
// and engine digest, so that a new rule or a new version starts afresh. It is replaced in one step,
// so that concurrent scans at worst do some work twice; one that is damaged counts as absent. A
// scan that did not look at all that is here leaves none (what a shallow or partial clone lacks is
// kept, to be told again), nor does one that found a secret in a file's name, which would have to
// be kept in it.
#pragma once

#include "git/object_table.h"
#include "git/origins.h"
#include "git/refs.h"
#include "git/repository.h"
#include "scan/history_visitor.h"

#include <optional>
#include <string>

namespace stanch::scan {

// A digest of everything that a history scan's answer depends on, but for the engine: packs, loose
// objects, refs, reflogs.
git::ObjectId history_state(const git::ObjectStore& store, const git::ObjectTable& table,
                            const std::vector<git::LooseObject>& loose, const git::Refs& refs,
                            const git::Repository& repository);

// A report, and the objects that its key is made of (raw ids). Empty: none.
struct KeptReport {
    std::string key_objects;
    std::string sealed;
};

struct CachedHistory {
    git::ObjectId state;
    std::string_view key_objects;
    std::string_view report;
    std::string_view body; // of finds and origins
    // Counts and what is missing at once; the rest by read_finds(): blobs, commits, tags, as
    // positions in `ids`.
    HistoryFinds finds;
    git::Origins origins;
    std::size_t id_size = 20;
    std::string_view ids; // sorted, one behind the other; lives as long as `file`
    std::shared_ptr<const os::MappedFile> file;

    // False where they are damaged: then nothing is known.
    bool read_finds();

    // With the numbers of another table. nullopt where an object is no longer there: then what was
    // complete need not be complete now. Marks what was looked at in `seen`; origins go.
    [[nodiscard]] std::optional<HistoryFinds> move_to(const git::ObjectTable& table,
                                                      SeenObjects& seen) const;
};

class HistoryCache {
  public:
    // An empty directory: no cache.
    HistoryCache(const std::string& directory, const git::ObjectTable& table,
                 std::string_view engine_digest);

    [[nodiscard]] std::optional<CachedHistory> read() const;
    // Failing to write is no failure of the scan.
    void write(const git::ObjectId& state, const HistoryFinds& finds, const git::Origins& origins,
               const git::ObjectTable& table, const KeptReport& report) const;

  private:
    std::string path_;
};

} // namespace stanch::scan
