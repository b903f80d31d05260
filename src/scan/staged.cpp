#include "scan/staged.h"

#include "git/refs.h"
#include "scan/change_scanner.h"
#include "scan/engine.h"
#include "scan/known_borders.h"

namespace stanch::scan {
namespace {

// The tree of HEAD's commit; empty before the first one.
Result<git::ObjectId> head_tree(const git::Repository& repository, git::ObjectReader& reader) {
    STANCH_TRY(const auto head, git::read_head(repository));
    if (!head) return git::ObjectId();
    STANCH_TRY(const std::string content, reader.read(*head, git::ObjectType::commit));
    const auto commit = git::parse_commit(content, repository.format);
    if (!commit) return fail(ErrorKind::incomplete, "a damaged commit", head->hex());
    return commit->tree;
}

} // namespace

Result<void> scan_staged(const Engine& engine, const git::Repository& repository, Sink& sink,
                         const ScanOptions& options) {
    STANCH_TRY(const git::Index index, git::Index::read(repository));
    return scan_staged(engine, repository, index, sink, options);
}

Result<void> scan_staged(const Engine& engine, const git::Repository& repository,
                         const git::Index& index, Sink& sink, const ScanOptions& options) {
    const git::ObjectStore store = git::ObjectStore::open(repository);
    ChangeScanner scanner(engine, store, options);
    STANCH_TRY(const git::ObjectId head, head_tree(repository, scanner.reader()));
    STANCH_TRY(const auto changes, git::diff_index(scanner.reader(), head, index));
    KnownBorders borders(options);
    for (const git::Change& change : changes) {
        Outcome outcome;
        const std::vector<git::ObjectId> old(change.had_blob() ? 1 : 0, change.old_id);
        scanner.look_at(change, old, outcome);
        if (changes.size() > 1) borders.next(scanner.reader(), change, old, outcome.findings);
        if (options.progress != nullptr) options.progress->contents.fetch_add(1);
        STANCH_CHECK(sink.take(std::move(outcome)));
    }
    return {};
}

} // namespace stanch::scan
