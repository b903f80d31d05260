#include "scan/history_report.h"

#include "git/index.h"
#include "git/object_stream.h"
#include "scan/provenance.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

namespace stanch::scan {
namespace {

// What a mark stands for.
struct Mark {
    enum class Kind { blob, commit, name };
    Kind kind = Kind::blob;
    Fingerprint fingerprint; // of a name: none, everything in it counts
};

class Stream : public ByteStream {
  public:
    explicit Stream(git::ObjectStream& from) : from_(from) {}
    Result<std::size_t> read(std::span<char> buffer) override { return from_.read(buffer); }

  private:
    git::ObjectStream& from_;
};

class Reporter {
  public:
    Reporter(const HistoryContext& context, Sink& sink)
        : context_(context), sink_(sink), worker_(context.engine, context.options),
          reader_(context.store) {}

    Result<void> run(const HistoryFinds& finds, const git::Origins& origins) {
        give_meaning(finds);
        Outcome notes;
        for (const Error& problem : origins.problems)
            notes.miss(problem);
        STANCH_CHECK(sink_.take(std::move(notes)));
        const auto& all = origins.origins;
        for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
            while (end < all.size() && all[end].order == all[begin].order &&
                   all[end].path == all[begin].path)
                placed_.insert(all[end++].mark);
            STANCH_CHECK(report(std::span(all).subspan(begin, end - begin)));
        }
        own_.clear();
        STANCH_CHECK(report_unplaced(finds));
        return report_tags(finds);
    }

  private:
    // In the order of history_marks().
    void give_meaning(const HistoryFinds& finds) {
        for (const auto& [fingerprint, numbers] : finds.blobs) {
            known_.insert(fingerprint);
            meaning_.push_back({Mark::Kind::blob, fingerprint});
        }
        for (const auto& [fingerprint, numbers] : finds.commits)
            meaning_.push_back({Mark::Kind::commit, fingerprint});
        for (std::size_t i = 0; i < finds.names.size(); ++i)
            meaning_.push_back({Mark::Kind::name, {}});
    }

    // All that one commit brought in at one path.
    Result<void> report(std::span<const git::Origin> origins) {
        std::set<Fingerprint> in_blob;
        std::set<Fingerprint> in_message;
        bool in_name = false;
        own_.clear();
        for (const git::Origin& origin : origins) {
            const Mark& mark = meaning_[origin.mark];
            own_[mark.fingerprint] = &origin;
            if (mark.kind == Mark::Kind::blob) in_blob.insert(mark.fingerprint);
            if (mark.kind == Mark::Kind::commit) in_message.insert(mark.fingerprint);
            if (mark.kind == Mark::Kind::name) in_name = true;
        }
        const git::Origin& origin = origins.front();
        set_provenance(origins);
        if (!in_blob.empty()) {
            STANCH_CHECK(blob(blob_of(origins), origin.path, in_blob));
        }
        if (!in_message.empty()) {
            STANCH_CHECK(message(origin.commit, in_message, message_path));
        }
        return in_name ? name(origin) : Result<void>{};
    }

    [[nodiscard]] std::uint32_t blob_of(std::span<const git::Origin> origins) const {
        const auto found = std::ranges::find_if(origins, [&](const git::Origin& origin) {
            return meaning_[origin.mark].kind == Mark::Kind::blob;
        });
        return found->object;
    }

    void set_provenance(std::span<const git::Origin> origins) {
        const git::Origin& origin = origins.front();
        const git::ObjectId commit(context_.table.id(origin.commit));
        if (last_commit_ != commit) {
            last_commit_ = commit;
            const auto content = reader_.read(commit, git::ObjectType::commit);
            of_commit_ = provenance_of(commit, content ? *content : std::string());
            hide_secrets(worker_, of_commit_);
        }
        provenance_ = of_commit_;
        set_fate(origin, provenance_);
    }

    // What became of it: the things that a commit brings in at a path need not share that.
    void set_fate(const git::Origin& origin, Provenance& provenance) {
        if (last_refs_ != origin.refs) {
            last_refs_ = shown_refs_ = origin.refs;
            hide_secrets(worker_, shown_refs_);
        }
        provenance.refs = shown_refs_;
        provenance.more_refs = origin.more_refs;
        provenance.in_head = origin.in_head;
        provenance.note = note_of(origin);
    }

    static std::string note_of(const git::Origin& origin) {
        if (!origin.reachable) return origin.logged ? "only in the reflog" : "unreachable object";
        if (origin.refs == std::vector<std::string>{"stash"}) return "stash";
        return origin.merge ? "merge result" : "";
    }

    Result<void> blob(std::uint32_t number, const std::string& path,
                      const std::set<Fingerprint>& wanted) {
        Outcome found;
        provenance_.object = git::ObjectId(context_.table.id(number)).hex();
        look_at_blob(number, Place{path, path}, found);
        // Where rules or readers go by the path, there can be more than what was found before the
        // path was known.
        std::erase_if(found.findings, [&](const Finding& finding) {
            if (wanted.contains(finding.fingerprint)) return false;
            return known_.contains(finding.fingerprint) ||
                   !late_.emplace(finding.fingerprint, finding.path).second;
        });
        return send(std::move(found));
    }

    void look_at_blob(std::uint32_t number, const Place& place, Outcome& found) {
        const git::ObjectId id(context_.table.id(number));
        const auto open = git::open_object(context_.store, id);
        if (!open || (*open)->size <= git::WalkOptions{}.large) {
            const auto content = reader_.read(id, git::ObjectType::blob);
            if (content) return worker_.look_at(place, *content, found);
            return found.miss(content.error());
        }
        Stream bytes(*(*open)->stream);
        worker_.look_at(place, bytes, found);
    }

    Result<void> message(std::uint32_t number, const std::set<Fingerprint>& wanted,
                         std::string_view path) {
        Outcome found;
        const git::ObjectId id(context_.table.id(number));
        provenance_.object = id.hex();
        const auto object = reader_.read(id);
        const Place place{std::string(path), std::string(path)};
        if (object) {
            const std::string_view text = commit_text(object->content);
            worker_.look_at(place, text, found);
            if (const auto wide = utf16_message(text); !wide.empty())
                worker_.look_at(place, wide, found);
        } else {
            found.miss(object.error());
        }
        std::erase_if(found.findings, [&](const Finding& finding) {
            return !wanted.contains(finding.fingerprint);
        });
        return send(std::move(found));
    }

    // The path itself is the text.
    Result<void> name(const git::Origin& origin) {
        Outcome found;
        own_.clear();
        provenance_.object.clear();
        if (origin.object < context_.table.size())
            provenance_.object = git::ObjectId(context_.table.id(origin.object)).hex();
        worker_.look_at(Place{origin.path, origin.path}, origin.path, found);
        for (Finding& finding : found.findings)
            finding.span = finding.match_span = Span{};
        if (provenance_.note.empty()) provenance_.note = "file name";
        return send(std::move(found));
    }

    Result<void> send(Outcome found) {
        found.counts = {};
        std::erase_if(found.notes,
                      [](const Note& note) { return note.kind != Note::Kind::incomplete; });
        for (Finding& finding : found.findings) {
            finding.provenance = provenance_;
            const auto own = own_.find(finding.fingerprint);
            if (own != own_.end()) set_fate(*own->second, *finding.provenance);
        }
        std::erase_if(found.findings,
                      [&](const Finding& finding) { return context_.engine.allowed(finding); });
        if (found.findings.empty() && found.notes.empty()) return {};
        return sink_.take(std::move(found));
    }

    // In no commit's tree: in an index, or held by nothing at all.
    Result<void> report_unplaced(const HistoryFinds& finds) {
        std::uint32_t mark = 0;
        std::map<std::uint32_t, std::set<Fingerprint>> blobs;
        for (const auto& [fingerprint, numbers] : finds.blobs)
            if (!placed_.contains(mark++))
                for (const std::uint32_t number : numbers)
                    blobs[number].insert(fingerprint);
        std::map<std::uint32_t, std::set<Fingerprint>> commits;
        for (const auto& [fingerprint, numbers] : finds.commits)
            if (!placed_.contains(mark++))
                for (const std::uint32_t number : numbers)
                    commits[number].insert(fingerprint);
        for (const auto& [number, wanted] : blobs) {
            STANCH_CHECK(unplaced(number, wanted));
        }
        for (const auto& [number, wanted] : commits) {
            provenance_ = Provenance{};
            STANCH_CHECK(message(number, wanted, message_path));
        }
        for (const auto& [text, fingerprints] : finds.names) {
            if (placed_.contains(mark++)) continue;
            git::Origin nowhere_else;
            nowhere_else.path = text;
            nowhere_else.object = context_.table.size();
            provenance_ = Provenance{};
            provenance_.note = "unreachable object";
            STANCH_CHECK(name(nowhere_else));
        }
        return {};
    }

    Result<void> unplaced(std::uint32_t number, const std::set<Fingerprint>& wanted) {
        const git::ObjectId id(context_.table.id(number));
        provenance_ = Provenance{};
        std::string path = staged_path(id);
        provenance_.note = path.empty() ? "unreachable object" : "in the index only";
        if (path.empty()) path = id.hex();
        return blob(number, path, wanted);
    }

    std::string staged_path(const git::ObjectId& id) {
        if (!staged_) staged_ = read_staged();
        const auto found = staged_->find(id);
        return found == staged_->end() ? std::string() : found->second;
    }

    [[nodiscard]] std::map<git::ObjectId, std::string> read_staged() const {
        std::map<git::ObjectId, std::string> all;
        for (const std::string& git_dir : context_.repository.worktree_git_dirs()) {
            git::Repository worktree = context_.repository;
            worktree.git_dir = git_dir;
            worktree.index_file = git_dir + "/index";
            const auto index = git::Index::read(worktree);
            if (!index) continue; // told elsewhere
            for (const git::IndexEntry& entry : index->entries())
                all.emplace(git::ObjectId(entry.oid), entry.path);
        }
        return all;
    }

    Result<void> report_tags(const HistoryFinds& finds) {
        std::map<std::uint32_t, std::set<Fingerprint>> tags;
        for (const auto& [fingerprint, numbers] : finds.tags)
            for (const std::uint32_t number : numbers)
                tags[number].insert(fingerprint);
        for (const auto& [number, wanted] : tags) {
            const git::ObjectId id(context_.table.id(number));
            const auto content = reader_.read(id, git::ObjectType::tag);
            if (content) {
                provenance_ = provenance_of_tag(id, *content, context_.refs);
                hide_secrets(worker_, provenance_);
            }
            STANCH_CHECK(message(number, wanted, tag_path));
        }
        return {};
    }

    const HistoryContext& context_;
    Sink& sink_;
    Worker worker_;
    git::ObjectReader reader_;
    std::vector<Mark> meaning_;
    std::set<std::uint32_t> placed_;                // marks that a commit has
    std::map<Fingerprint, const git::Origin*> own_; // of what is being reported
    std::set<Fingerprint> known_;
    std::set<std::pair<Fingerprint, std::string>> late_; // found when the path was known, reported
    git::ObjectId last_commit_;
    Provenance of_commit_;
    Provenance provenance_;
    std::vector<std::string> last_refs_;
    std::vector<std::string> shown_refs_; // without secrets
    std::optional<std::map<git::ObjectId, std::string>> staged_;
};

} // namespace

git::Marks history_marks(const HistoryFinds& finds) {
    git::Marks marks;
    for (const auto& [fingerprint, numbers] : finds.blobs) {
        for (const std::uint32_t number : numbers)
            marks.blobs[number].push_back(marks.count);
        ++marks.count;
    }
    for (const auto& [fingerprint, numbers] : finds.commits) {
        for (const std::uint32_t number : numbers)
            marks.commits[number].push_back(marks.count);
        ++marks.count;
    }
    for (const auto& [name, fingerprints] : finds.names)
        marks.names[name].push_back(marks.count++);
    return marks;
}

Result<void> report_history(const HistoryContext& context, const HistoryFinds& finds,
                            const git::Origins& origins, Sink& sink) {
    return Reporter(context, sink).run(finds, origins);
}

} // namespace stanch::scan
