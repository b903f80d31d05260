#include "scan/staged.h"

#include "git/refs.h"
#include "os/file.h"
#include "scan/change_scanner.h"
#include "scan/engine.h"
#include "scan/known_borders.h"

namespace stanch::scan {
namespace {

Result<std::vector<git::Change>> staged_changes(const git::Repository& repository,
                                                const git::Index& index,
                                                git::ObjectReader& reader) {
    const auto changes = [&]() -> Result<std::vector<git::Change>> {
        STANCH_TRY(const git::ObjectId head, head_tree(repository, reader));
        return git::diff_index(reader, head, index);
    }();
    if (changes || changes.error().kind != ErrorKind::not_found) return changes;
    Error missing = changes.error();
    missing.kind = ErrorKind::incomplete;
    return std::unexpected(std::move(missing));
}

} // namespace

Result<git::ObjectId> head_tree(const git::Repository& repository, git::ObjectReader& reader) {
    STANCH_TRY(const auto head, git::read_head(repository));
    if (!head) return git::ObjectId();
    STANCH_TRY(const std::string content, reader.read(*head, git::ObjectType::commit));
    const auto commit = git::parse_commit(content, repository.format);
    if (!commit) return fail(ErrorKind::incomplete, "a damaged commit", head->hex());
    return commit->tree;
}

Result<void> scan_staged(const Engine& engine, const git::Repository& repository, Sink& sink,
                         const ScanOptions& options) {
    if (repository.work_tree.empty() && !os::exists(repository.index_file))
        return fail(ErrorKind::usage, "a bare repository has nothing staged", repository.git_dir,
                    "use --history or --range");
    STANCH_TRY(const git::Index index, git::Index::read(repository));
    return scan_staged(engine, repository, index, sink, options);
}

Result<void> scan_staged(const Engine& engine, const git::Repository& repository,
                         const git::Index& index, Sink& sink, const ScanOptions& options) {
    const git::ObjectStore store = git::ObjectStore::open(repository);
    ChangeScanner scanner(engine, store, options);
    STANCH_TRY(const auto changes, staged_changes(repository, index, scanner.reader()));
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
