#include "scan/history.h"

#include "git/index.h"
#include "git/object_walk.h"
#include "scan/git_directory.h"
#include "scan/history_report.h"
#include "scan/history_visitor.h"

#include <algorithm>
#include <memory>
#include <thread>

namespace stanch::scan {
namespace {

constexpr unsigned most_threads = 64;
constexpr std::size_t named_missing = 10; // of more, only the number is told

unsigned thread_count(unsigned asked) {
    const unsigned threads = asked != 0 ? asked : std::thread::hardware_concurrency();
    return std::clamp(threads, 1U, most_threads);
}

// The first half: every object, on all threads.
HistoryFinds look_at_objects(const HistoryContext& context, git::ObjectWalk& walk,
                             SeenObjects& seen, const git::WalkOptions& options) {
    std::vector<std::unique_ptr<HistoryVisitor>> owned;
    std::vector<git::ObjectVisitor*> visitors;
    for (unsigned i = 0; i < options.threads; ++i) {
        owned.push_back(std::make_unique<HistoryVisitor>(
            context.engine, context.table, context.store.format(), seen, context.options));
        visitors.push_back(owned.back().get());
    }
    walk.run(visitors, options);
    HistoryFinds all;
    for (const auto& visitor : owned)
        all.add(visitor->finish());
    return all;
}

std::string plural(std::size_t count, std::string_view one) {
    return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

// What something refers to and the store does not have, and what only looks complete.
void note_missing(const HistoryContext& context, const std::set<std::string>& missing,
                  Outcome& outcome) {
    if (context.repository.shallow)
        outcome.miss(".git/shallow",
                     "a shallow clone: the history before " +
                         plural(context.refs.shallow.size(), "commit") + " is not here",
                     "run 'git fetch --unshallow'");
    if (missing.empty()) return;
    if (context.repository.promisor || context.repository.shallow) {
        outcome.miss(".git", plural(missing.size(), "object") + " missing: never fetched",
                     context.repository.promisor
                         ? "clone without --filter, or run 'git fetch --refetch --no-filter'"
                         : "run 'git fetch --unshallow'");
        return;
    }
    std::size_t named = 0;
    for (const std::string& raw : missing) {
        if (++named > named_missing) break;
        outcome.miss(git::ObjectId(raw).hex(), "an object that is referred to is missing",
                     "run 'git fsck', or fetch it again");
    }
    if (missing.size() > named_missing)
        outcome.miss(".git", plural(missing.size(), "object") + " missing altogether",
                     "run 'git fsck', or fetch again");
}

// Refs and the worktrees' indexes name objects too. An index that can't be read is told.
void refer_to(const HistoryContext& context, std::set<std::string>& missing, Outcome& outcome) {
    const auto refer = [&](std::string_view raw) {
        if (!context.table.find(raw)) missing.emplace(raw);
    };
    for (const git::Ref& ref : context.refs.refs)
        refer(ref.id.raw());
    for (const std::string& git_dir : context.repository.worktree_git_dirs()) {
        git::Repository worktree = context.repository;
        worktree.git_dir = git_dir;
        worktree.index_file = git_dir + "/index";
        const auto index = git::Index::read(worktree);
        if (!index) {
            outcome.miss(index.error());
            continue;
        }
        for (const git::IndexEntry& entry : index->entries())
            if (!entry.is_submodule() && !entry.intent_to_add) refer(entry.oid);
    }
}

} // namespace

Result<void> scan_history(const Engine& engine, const git::Repository& repository, Sink& sink,
                          const HistoryOptions& options) {
    const git::ObjectStore store = git::ObjectStore::open(repository);
    git::ObjectWalk walk(store);
    const git::ObjectTable table(store, walk.loose());
    const git::Refs refs = git::read_refs(repository);
    const HistoryContext context{engine, repository, store, table, refs, options.scan};
    git::WalkOptions walking;
    walking.threads = thread_count(options.scan.threads);
    walking.stop = options.stop;

    Outcome first;
    for (const auto& problems : {store.problems(), refs.problems})
        for (const Error& problem : problems)
            first.miss(problem);
    {
        Worker worker(engine, options.scan);
        scan_git_directory(repository, refs, worker, first);
    }
    SeenObjects seen(table.size());
    HistoryFinds finds = look_at_objects(context, walk, seen, walking);
    first.counts.contents += finds.counts.contents;
    first.counts.bytes += finds.counts.bytes;
    std::ranges::move(finds.notes, std::back_inserter(first.notes));
    if (options.stop != nullptr && options.stop->load())
        first.miss(".git", "stopped before all objects were looked at", "run it again");
    else
        refer_to(context, finds.missing, first);
    note_missing(context, finds.missing, first);
    STANCH_CHECK(sink.take(std::move(first)));
    const bool found = !finds.blobs.empty() || !finds.commits.empty() || !finds.tags.empty() ||
                       !finds.names.empty();
    if (!found) return {};
    walking.loose = true;
    walking.stop = nullptr; // what was found is reported whole
    return report_history(context, walk, finds, walking, sink);
}

} // namespace stanch::scan
