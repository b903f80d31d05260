// The few steps that a person's repository changes in, and how each is ended after a crash.
#pragma once

#include "commits/git.h"
#include "commits/source.h"

#include "core/result.h"

#include <optional>
#include <string>
#include <vector>

namespace stanch::commits {

// One move of HEAD's branch, with what goes along. Written to GIT_DIR/stanch/split before anything
// else changes.
struct Move {
    std::string backup; // "refs/stanch/backup/ID"
    std::string from;   // the commit before; empty: none yet
    std::string to;     // the commit after; empty: none (undoing a first commit)
    bool is_undo = false;
    std::string index; // id of the blob with the index's new bytes; empty: the index stays
    std::string text() const;
    static std::optional<Move> parse(const std::string& text);
};

// What a backup remembers, as the blob behind BACKUP/state; BACKUP/head is the old commit,
// BACKUP/index the old index.
struct Backup {
    std::string name;       // "refs/stanch/backup/ID"
    std::string branch;     // empty: HEAD was detached
    std::string before;     // commit; empty: none
    std::string after;      // commit
    std::string index;      // blob of the index's old bytes; empty: it was not touched
    std::string index_tree; // what the index's tree was to be afterwards
};

// A name that no backup has yet.
Result<std::string> backup_name(const Git& git, const std::string& after);
Result<Backup> write_backup(const Git& git, const Source& source, const std::string& after,
                            const std::string& name);
// Newest first.
Result<std::vector<Backup>> read_backups(const Git& git);
Result<void> delete_backup(const Git& git, const Backup& backup);

// Writes `bytes` as a blob.
Result<std::string> write_blob(const Git& git, const std::string& bytes);

// Says what is about to happen, so that recover() can end it. Before the backup is written.
Result<void> open_journal(const Git& git, const Move& move);

// Journal, index.lock, HEAD, index; see apply.h. After an error, recover() clears up. `message`
// goes to the reflog; `extra` are more commands for the same transaction of `git update-ref
// --stdin`.
Result<void> make_move(const Git& git, const Move& move, const std::string& message,
                       const std::string& extra);

} // namespace stanch::commits
