#include "scan/history.h"

#include "git/hash.h"
#include "git/index.h"
#include "git/object_stream.h"
#include "git/object_walk.h"
#include "os/directory.h"
#include "scan/git_directory.h"
#include "scan/history_cache.h"
#include "scan/history_indexes.h"
#include "scan/history_report.h"
#include "scan/history_visitor.h"
#include "scan/sealed_report.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <thread>

namespace stanch::scan {
namespace {

constexpr unsigned most_threads = 64;
constexpr std::size_t named_missing = 10; // of more, only the number is told

unsigned thread_count(unsigned asked) {
    const unsigned threads = asked != 0 ? asked : std::thread::hardware_concurrency();
    return std::clamp(threads, 1U, most_threads);
}

// One visitor for each thread. What one has seen, the others need not look at again: they live as
// long as each other.
class Visitors {
  public:
    Visitors(const HistoryContext& context, SeenObjects& seen, unsigned threads)
        : texts_(context.table.size()) {
        for (unsigned i = 0; i < threads; ++i)
            visitors_.push_back(std::make_unique<HistoryVisitor>(context.engine, context.table,
                                                                 context.store.format(), seen,
                                                                 texts_, context.options));
    }

    [[nodiscard]] HistoryVisitor& operator[](std::size_t i) { return *visitors_[i]; }

    [[nodiscard]] std::vector<git::ObjectVisitor*> all() const {
        std::vector<git::ObjectVisitor*> pointers;
        for (const auto& visitor : visitors_)
            pointers.push_back(visitor.get());
        return pointers;
    }

    HistoryFinds finish() {
        HistoryFinds finds;
        for (const auto& visitor : visitors_)
            finds.add(visitor->finish());
        return finds;
    }

  private:
    SeenTexts texts_;
    std::vector<std::unique_ptr<HistoryVisitor>> visitors_;
};

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

} // namespace

namespace {

// What was looked at under other options is not known under these.
std::string cache_directory(const HistoryOptions& options) {
    const ScanOptions& scan = options.scan;
    const bool usual = scan.allow_comments && scan.known == nullptr &&
                       scan.known_digests == nullptr && scan.limits == Limits{};
    return usual ? options.cache_directory : std::string();
}

// One scan: what is new is looked at, what is known is taken from the cache.
class HistoryScan {
  public:
    HistoryScan(const Engine& engine, const git::Repository& repository, Sink& sink,
                const HistoryOptions& options)
        : engine_(engine), options_(options), sink_(sink),
          store_(git::ObjectStore::open(repository, git::Unindexed::read)), walk_(store_),
          table_(store_, walk_.loose()), refs_(git::read_refs(repository)), seen_(table_.size()),
          context_{engine, repository, store_, table_, refs_, options.scan},
          cache_(cache_directory(options), table_, engine.digest()),
          walking_(walk_options(options)), origins_(store_, walk_, table_, refs_, whole_walk()) {}

    Result<void> run() {
        state_ = history_state(store_, table_, walk_.loose(), refs_, context_.repository);
        auto known = cache_.read();
        const bool nothing_new = known && known->state == state_;
        if (nothing_new) {
            finds_.counts = known->finds.counts;
            finds_.missing = known->finds.missing;
            STANCH_CHECK(tell());
            STANCH_TRY(const bool said,
                       replay(known->report, report_key(known->key_objects), sink_));
            if (said) return {};
        }
        if (known && !known->read_finds()) known.reset();
        if (nothing_new && known) return report_again(std::move(*known));
        look(known);
        if (!nothing_new) STANCH_CHECK(tell());
        return report();
    }

  private:
    [[nodiscard]] bool found() const {
        return !finds_.blobs.empty() || !finds_.commits.empty() || !finds_.tags.empty() ||
               !finds_.names.empty();
    }
    [[nodiscard]] bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

    // Known, but its report was not kept.
    Result<void> report_again(CachedHistory known) {
        finds_ = std::move(known.finds);
        return found() ? report_history(context_, finds_, known.origins, sink_) : Result<void>{};
    }

    Result<void> report() {
        const git::Origins origins =
            found() ? origins_.find(history_marks(finds_)) : git::Origins{};
        ReportRecorder recorder(sink_);
        if (found()) STANCH_CHECK(report_history(context_, finds_, origins, recorder));
        if (!all_present_read_ || !origins.problems.empty() || options_.cache_directory.empty())
            return {};
        KeptReport kept;
        kept.key_objects = key_objects();
        kept.sealed = recorder.sealed(report_key(kept.key_objects));
        cache_.write(state_, finds_, origins, table_, kept);
        return {};
    }

    // A few objects with findings: who can read them needs no cache to know what is in them.
    [[nodiscard]] std::string key_objects() const {
        constexpr std::size_t most = 3;
        std::set<std::uint32_t> numbers;
        for (const auto* finds : {&finds_.blobs, &finds_.commits, &finds_.tags})
            for (const auto& [fingerprint, objects] : *finds)
                if (numbers.size() < most) numbers.insert(objects.front());
        std::string ids;
        for (const std::uint32_t number : numbers)
            ids += table_.id(number);
        return ids;
    }

    [[nodiscard]] std::string report_key(std::string_view key_objects) const {
        git::Hasher hasher(git::ObjectFormat::sha256);
        hasher.add("stanch history report 3\n");
        hasher.add(state_.raw());
        git::ObjectReader reader(store_);
        const std::size_t size = git::raw_size(store_.format());
        for (; key_objects.size() >= size; key_objects.remove_prefix(size))
            add_content(reader, git::ObjectId(key_objects.substr(0, size)), hasher);
        return std::string(hasher.finish().raw());
    }

    // Of a large one, its beginning is enough: who has that has the object.
    void add_content(git::ObjectReader& reader, const git::ObjectId& id,
                     git::Hasher& hasher) const {
        const auto open = git::open_object(store_, id);
        if (open && (*open)->size > walking_.large) {
            std::string beginning(std::size_t{1} << 20, '\0');
            beginning.resize((*open)->stream->read(beginning).value_or(0));
            hasher.add(beginning);
        } else if (const auto object = reader.read(id)) {
            hasher.add(object->content);
        }
    }

    static git::WalkOptions walk_options(const HistoryOptions& options) {
        git::WalkOptions walking;
        walking.threads = thread_count(options.scan.threads);
        walking.stop = options.stop;
        return walking;
    }

    // What was found is reported whole, stopped or not.
    [[nodiscard]] git::WalkOptions whole_walk() const {
        git::WalkOptions whole = walking_;
        whole.stop = nullptr;
        return whole;
    }

    void look(const std::optional<CachedHistory>& known) {
        auto moved = known ? known->move_to(table_, seen_) : std::nullopt;
        if (moved) finds_ = std::move(*moved);
        if (moved && few_are_new()) {
            finds_.add(look_at_new());
        } else {
            look_at_blobs();
            look_at_rest();
        }
    }

    void look_at_blobs() {
        Visitors visitors(context_, seen_, walking_.threads);
        git::WalkOptions blobs = walking_;
        blobs.types = git::types({git::ObjectType::blob});
        walk_.run(visitors.all(), blobs);
        finds_.add(visitors.finish());
    }

    // Trees, commits and tags; if something was found, where it came from by the same way.
    void look_at_rest() {
        Visitors visitors(context_, seen_, walking_.threads);
        if (finds_.blobs.empty()) {
            git::WalkOptions rest = walking_;
            rest.types =
                git::types({git::ObjectType::tree, git::ObjectType::commit, git::ObjectType::tag});
            walk_.run(visitors.all(), rest);
        } else {
            origins_.read(history_marks(finds_), visitors.all());
        }
        HistoryFinds rest = visitors.finish();
        // Where a name stands, the graph must know when it is read.
        if (!rest.names.empty()) origins_.forget();
        finds_.add(std::move(rest));
    }

    // Above about a tenth, walking whole packs is faster than fetching one by one.
    [[nodiscard]] bool few_are_new() const {
        std::uint32_t fresh = 0;
        for (std::uint32_t i = 0; i < table_.size(); ++i)
            if (!seen_.has(i)) ++fresh;
        return fresh < table_.size() / 10;
    }

    HistoryFinds look_at_new() {
        std::vector<std::uint32_t> fresh;
        for (std::uint32_t i = 0; i < table_.size(); ++i)
            if (!seen_.has(i)) fresh.push_back(i);
        Visitors visitors(context_, seen_, walking_.threads);
        std::atomic<std::size_t> next{0};
        {
            std::vector<std::jthread> threads;
            for (unsigned i = 0; i < walking_.threads; ++i)
                threads.emplace_back([&, i] { fetch(fresh, next, visitors[i]); });
        }
        return visitors.finish();
    }

    void fetch(const std::vector<std::uint32_t>& fresh, std::atomic<std::size_t>& next,
               HistoryVisitor& visitor) {
        git::ObjectReader reader(store_);
        for (std::size_t i = next++; i < fresh.size() && !stopped(); i = next++) {
            const git::ObjectId id(table_.id(fresh[i]));
            const auto object = reader.read(id);
            if (object)
                visitor.visit_alone(id.raw(), *object);
            else if (const auto large = git::open_object(store_, id))
                visitor.visit_large((*large)->type, id.raw(), *(*large)->stream);
            else
                visitor.miss(id.raw(), object.error());
        }
    }

    // Notes, counts, and what stands outside of the object store.
    Result<void> tell() {
        Outcome first;
        for (const auto& problems : {store_.problems(), refs_.problems})
            for (const Error& problem : problems)
                first.miss(problem);
        Worker worker(engine_, options_.scan);
        scan_git_directory(context_.repository, refs_, walk_.left_over(), worker, first);
        first.counts.contents += finds_.counts.contents;
        first.counts.bytes += finds_.counts.bytes;
        // What is damaged may have been met twice: for blobs, and for the rest.
        std::set<std::pair<std::string, std::string>> told;
        for (const Note& note : finds_.notes)
            if (told.emplace(note.path, note.why).second) first.notes.push_back(note);
        std::set<std::string> missing = finds_.missing;
        if (stopped())
            first.miss(".git", "stopped before all objects were looked at", "run it again");
        else
            look_at_indexes(context_, worker, missing, first);
        all_present_read_ = std::ranges::none_of(
            first.notes, [](const Note& note) { return note.kind == Note::Kind::incomplete; });
        note_missing(context_, missing, first);
        return sink_.take(std::move(first));
    }

    const Engine& engine_;
    const HistoryOptions& options_;
    Sink& sink_;
    git::ObjectStore store_;
    git::ObjectWalk walk_;
    git::ObjectTable table_;
    git::Refs refs_;
    SeenObjects seen_;
    HistoryContext context_;
    HistoryCache cache_;
    git::WalkOptions walking_;
    git::OriginFinder origins_;
    git::ObjectId state_;
    HistoryFinds finds_;
    // What is missing may be; nothing that is here was left out.
    bool all_present_read_ = false;
};

} // namespace

namespace {

// Names what is found in a repository inside of another one.
class InsideSink : public Sink {
  public:
    InsideSink(Sink& outer, std::string where) : outer_(outer), where_(std::move(where)) {}

    Result<void> take(Outcome outcome) override {
        for (Finding& finding : outcome.findings)
            finding.path = where_ + "!" + finding.path;
        for (Note& note : outcome.notes)
            note.path = where_ + (note.path.empty() ? "" : "!" + note.path);
        return outer_.take(std::move(outcome));
    }

  private:
    Sink& outer_;
    std::string where_;
};

// Those that have a store of their own in .git/modules, and those that still have one in the work
// tree, as Git made them once: (directory, name).
std::vector<std::pair<std::string, std::string>> submodules(const git::Repository& repository) {
    std::vector<std::pair<std::string, std::string>> all;
    for (const std::string& git_dir : repository.submodule_git_dirs())
        all.emplace_back(git_dir, ".git" + git_dir.substr(repository.common_dir.size()));
    if (repository.work_tree.empty()) return all;
    const auto index = git::Index::read(repository);
    if (!index) return all; // told by the first scan
    for (const git::IndexEntry& entry : index->entries()) {
        if (!entry.is_submodule()) continue;
        const std::string inside = std::string(entry.path) + "/.git";
        const std::string git_dir = repository.work_tree + "/" + inside;
        if (os::is_directory(git_dir)) all.emplace_back(git_dir, inside);
    }
    return all;
}

Result<void> scan_submodules(const Engine& engine, const git::Repository& repository, Sink& sink,
                             const HistoryOptions& options) {
    for (const auto& [git_dir, where] : submodules(repository)) {
        if (options.stop != nullptr && options.stop->load()) break; // the first scan has told it
        InsideSink inside(sink, where);
        const auto inner = git::Repository::open(git_dir);
        if (inner) {
            STANCH_CHECK(scan_history(engine, *inner, inside, options));
        } else {
            Outcome outcome;
            outcome.miss(where, inner.error().what, inner.error().hint);
            STANCH_CHECK(sink.take(std::move(outcome)));
        }
    }
    return {};
}

} // namespace

Result<void> scan_history(const Engine& engine, const git::Repository& repository, Sink& sink,
                          const HistoryOptions& options) {
    STANCH_CHECK(HistoryScan(engine, repository, sink, options).run());
    return scan_submodules(engine, repository, sink, options);
}

} // namespace stanch::scan
