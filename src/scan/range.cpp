#include "scan/range.h"

#include "git/refs.h"
#include "scan/change_scanner.h"
#include "scan/engine.h"
#include "scan/history_visitor.h"
#include "scan/known_borders.h"
#include "scan/provenance.h"
#include "scan/range_tags.h"

#include <algorithm>
#include <map>

namespace stanch::scan {
namespace {

bool all_zeros(std::string_view text) {
    return text.size() >= 40 && text.find_first_not_of('0') == std::string_view::npos;
}

class RangeScanner {
  public:
    RangeScanner(const Engine& engine, const git::Repository& repository,
                 const git::ObjectStore& store, const HistoryOptions& options)
        : engine_(engine), repository_(repository), options_(options),
          scanner_(engine, store, options.scan) {}

    Result<void> run(const git::CommitRange& range, Sink& sink) {
        const git::Refs refs = git::read_refs(repository_);
        if (refs.head) head_ = tree_of(*refs.head).value_or(git::ObjectId());
        STANCH_TRY(const auto commits,
                   git::list_commits(scanner_.reader(), range, refs.shallow, repository_.format));
        for (const git::WalkedCommit& commit : commits) {
            if (options_.stop != nullptr && options_.stop->load()) return stopped(sink);
            Outcome outcome;
            look_at(commit, outcome);
            if (std::ranges::find(refs.shallow, commit.id) != refs.shallow.end())
                outcome.miss(commit.id.hex(),
                             "a shallow clone: what this commit adds cannot be told from what "
                             "was there before",
                             "run 'git fetch --unshallow'");
            if (options_.scan.progress != nullptr) options_.scan.progress->contents.fetch_add(1);
            STANCH_CHECK(sink.take(std::move(outcome)));
        }
        return options_.tags ? look_at_tags(range, commits, refs, sink) : Result<void>{};
    }

  private:
    Result<void> look_at_tags(const git::CommitRange& range,
                              std::span<const git::WalkedCommit> commits, const git::Refs& refs,
                              Sink& sink) {
        Outcome outcome;
        for (const RangeTag& tag :
             tags_of(range, commits, refs, scanner_.reader(), repository_.format, outcome)) {
            const std::size_t first = outcome.findings.size();
            look_at_message(tag_path, tag.content, outcome);
            if (outcome.findings.size() == first) continue;
            Provenance provenance = provenance_of_tag(tag.id, tag.content, refs);
            hide_secrets(scanner_.worker(), provenance);
            for (Finding& finding : std::span(outcome.findings).subspan(first)) {
                finding.provenance = provenance;
                finding.provenance->object = tag.id.hex();
            }
        }
        std::erase_if(outcome.findings,
                      [&](const Finding& finding) { return engine_.allowed(finding); });
        return sink.take(std::move(outcome));
    }

    void look_at_message(std::string_view path, std::string_view content, Outcome& outcome) {
        const std::string_view text = commit_text(content);
        scanner_.look_at_text(path, text, outcome);
        if (const auto wide = utf16_message(text); !wide.empty())
            scanner_.look_at_text(path, wide, outcome);
    }

    static Result<void> stopped(Sink& sink) {
        Outcome outcome;
        outcome.miss(".git", "stopped before all commits were looked at", "run it again");
        return sink.take(std::move(outcome));
    }

    Result<git::ObjectId> tree_of(const git::ObjectId& id) {
        if (const auto found = trees_.find(id); found != trees_.end()) return found->second;
        STANCH_TRY(const std::string content, scanner_.reader().read(id, git::ObjectType::commit));
        const auto commit = git::parse_commit(content, repository_.format);
        if (!commit) return fail(ErrorKind::incomplete, "a damaged commit", id.hex());
        return trees_[id] = commit->tree;
    }

    void look_at(const git::WalkedCommit& commit, Outcome& outcome) {
        trees_[commit.id] = commit.tree;
        const std::size_t first = outcome.findings.size();
        look_at_message(message_path, commit.content, outcome);
        const auto changed = changes(commit, outcome);
        KnownBorders borders(options_.scan);
        for (const auto& [change, old] : changed) {
            scanner_.look_at(change, old, outcome);
            if (changed.size() > 1) borders.next(scanner_.reader(), change, old, outcome.findings);
            if (options_.new_path && change.old_mode == 0)
                options_.new_path(commit.id, change.path);
        }
        if (outcome.findings.size() == first) return;
        Provenance provenance = provenance_of(commit.id, commit.content);
        hide_secrets(scanner_.worker(), provenance);
        if (commit.parents.size() > 1) provenance.note = "merge result";
        for (std::size_t i = first; i < outcome.findings.size(); ++i)
            place(outcome.findings[i], provenance, changed);
        std::erase_if(outcome.findings,
                      [&](const Finding& finding) { return engine_.allowed(finding); });
    }

    using Changed = std::vector<std::pair<git::Change, std::vector<git::ObjectId>>>;

    void place(Finding& finding, const Provenance& provenance, const Changed& changed) {
        finding.provenance = provenance;
        const std::string path = finding.path.substr(0, finding.path.find('!'));
        const auto found =
            std::ranges::find_if(changed, [&](const auto& one) { return one.first.path == path; });
        if (found == changed.end()) {
            finding.provenance->object = provenance.commit;
            return;
        }
        finding.provenance->object = found->first.new_id.hex();
        if (head_.empty()) return;
        const auto now = git::find_path(scanner_.reader(), head_, path);
        if (!now || now->mode == 0) return;
        finding.provenance->in_head = now->id == found->first.new_id || holds(*now, finding);
    }

    // Whether another version of the file still has this secret.
    bool holds(const git::PathEntry& entry, const Finding& finding) {
        const auto content = scanner_.reader().read(entry.id, git::ObjectType::blob);
        if (!content) return false;
        Outcome there;
        scanner_.worker().look_at(Place{finding.path, finding.path}, *content, there);
        return std::ranges::any_of(there.findings, [&](const Finding& other) {
            return other.fingerprint == finding.fingerprint;
        });
    }

    // The paths at which the commit's tree differs from those of all of its parents, with the
    // blobs that those have there.
    Changed changes(const git::WalkedCommit& commit, Outcome& outcome) {
        Changed changed;
        auto differing = compare(commit);
        if (!differing) {
            outcome.miss(differing.error());
            return changed;
        }
        return *std::move(differing);
    }

    Result<Changed> compare(const git::WalkedCommit& commit) {
        std::vector<git::ObjectId> parents;
        for (const git::ObjectId& id : commit.parents) {
            STANCH_TRY(git::ObjectId tree, tree_of(id));
            parents.push_back(tree);
        }
        if (parents.empty()) parents.emplace_back();
        Changed changed;
        STANCH_TRY(auto all, git::diff_trees(scanner_.reader(), parents[0], commit.tree));
        for (git::Change& change : all) {
            if (change.new_mode == 0) continue;
            std::vector<git::ObjectId> old;
            if (change.had_blob()) old.push_back(change.old_id);
            bool same = false;
            for (std::size_t i = 1; i < parents.size() && !same; ++i) {
                STANCH_TRY(const git::PathEntry other,
                           git::find_path(scanner_.reader(), parents[i], change.path));
                same = other.mode == change.new_mode && other.id == change.new_id;
                if (other.mode != 0) change.old_mode = other.mode;
                if (other.mode != 0 && (other.mode & git::mode_type) != git::mode_directory &&
                    (other.mode & git::mode_type) != git::mode_submodule)
                    old.push_back(other.id);
            }
            if (!same) changed.emplace_back(std::move(change), std::move(old));
        }
        return changed;
    }

    const Engine& engine_;
    const git::Repository& repository_;
    const HistoryOptions& options_;
    ChangeScanner scanner_;
    git::ObjectId head_;
    std::map<git::ObjectId, git::ObjectId> trees_; // of commits
};

} // namespace

Result<git::CommitRange> parse_range(std::string_view text, const git::Repository& repository) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos)
        return fail(ErrorKind::usage, "a range has two dots", std::string(text),
                    "write A..B: what B has and A has not");
    const std::string_view from = text.substr(0, dots);
    std::string_view to = text.substr(dots + 2);
    if (to.starts_with('.')) to.remove_prefix(1);
    const git::Refs refs = git::read_refs(repository);
    const git::ObjectStore store = git::ObjectStore::open(repository);
    git::ObjectReader reader(store);
    const auto commit = [&](std::string_view name) {
        return git::resolve_commit(name.empty() ? "HEAD" : name, refs, reader);
    };
    git::CommitRange range;
    if (!all_zeros(to)) { // a deleted branch adds nothing
        STANCH_TRY(git::ObjectId id, commit(to));
        range.include.push_back(id);
    }
    if (!all_zeros(from)) {
        STANCH_TRY(git::ObjectId id, commit(from));
        range.exclude.push_back(id);
    }
    return range;
}

Result<git::CommitRange> range_since(std::int64_t seconds, const git::Repository& repository) {
    const git::Refs refs = git::read_refs(repository);
    const git::ObjectStore store = git::ObjectStore::open(repository);
    git::ObjectReader reader(store);
    git::CommitRange range;
    range.since = seconds;
    std::vector<git::ObjectId> all = refs.logged;
    for (const git::Ref& ref : refs.refs)
        all.push_back(ref.id);
    for (const git::ObjectId& id : all) {
        const auto commit = git::resolve_commit(id.hex(), refs, reader);
        if (commit)
            range.include.push_back(*commit);
        else if (commit.error().kind != ErrorKind::usage) // a ref to a blob or tree is none
            return std::unexpected(commit.error());
    }
    std::ranges::sort(range.include);
    const auto twice = std::ranges::unique(range.include);
    range.include.erase(twice.begin(), twice.end());
    return range;
}

Result<void> scan_range(const Engine& engine, const git::Repository& repository,
                        const git::CommitRange& range, Sink& sink, const HistoryOptions& options) {
    const git::ObjectStore store = git::ObjectStore::open(repository);
    return RangeScanner(engine, repository, store, options).run(range, sink);
}

} // namespace stanch::scan
