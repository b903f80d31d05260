#include "scan/history_visitor.h"

#include "git/index.h"
#include "scan/delta_windows.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace stanch::scan {
namespace {

constexpr std::size_t names_at_once = 64 << 10;

// A blob's path is not known while it is matched.
const Place nowhere{std::string(Content::any_path), {}};

class Stream : public ByteStream {
  public:
    explicit Stream(git::ObjectStream& from) : from_(from) {}
    Result<std::size_t> read(std::span<char> buffer) override { return from_.read(buffer); }

  private:
    git::ObjectStream& from_;
};

bool by_end(const Hit& a, const Hit& b) {
    return a.end != b.end ? a.end < b.end : a.rule < b.rule;
}

void merge(std::map<Fingerprint, std::vector<std::uint32_t>>& into,
           std::map<Fingerprint, std::vector<std::uint32_t>>& from) {
    for (auto& [fingerprint, numbers] : from) {
        auto& all = into[fingerprint];
        all.insert(all.end(), numbers.begin(), numbers.end());
    }
}

// A line that begins so, whole, is cut off the front.
void drop_lines(std::string_view& text, std::string_view beginning) {
    while (text.starts_with(beginning)) {
        const std::size_t end = text.find('\n');
        text.remove_prefix(std::min(end, text.size() - 1) + 1);
    }
}

} // namespace

void HistoryFinds::add(HistoryFinds other) {
    merge(blobs, other.blobs);
    merge(commits, other.commits);
    merge(tags, other.tags);
    for (auto& [name, fingerprints] : other.names)
        names[name] = std::move(fingerprints);
    missing.merge(other.missing);
    std::ranges::move(other.notes, std::back_inserter(notes));
    counts.contents += other.counts.contents;
    counts.bytes += other.counts.bytes;
}

HistoryVisitor::HistoryVisitor(const Engine& engine, const git::ObjectTable& table,
                               git::ObjectFormat format, SeenObjects& seen, SeenTexts& texts,
                               const ScanOptions& options)
    : worker_(engine, options), table_(table), format_(format), seen_(seen), new_text_(texts),
      known_verdicts_(texts), progress_(options.progress), referred_(table) {}

HistoryVisitor::Memory& HistoryVisitor::memory(std::uint32_t slot) {
    if (slot >= memories_.size()) memories_.resize(std::size_t{slot} + 1);
    return memories_[slot];
}

void HistoryVisitor::visit(const git::WalkedObject& object) {
    Memory& mine = memory(object.slot);
    mine.known = false;
    const auto number = table_.number_of(object);
    if (!number || !seen_.mark(*number)) return;
    switch (object.type) {
    case git::ObjectType::blob:
        return blob(*number, object);
    case git::ObjectType::tree:
        return tree(object);
    case git::ObjectType::commit:
        return commit(*number, object);
    case git::ObjectType::tag:
        return tag(*number, object);
    case git::ObjectType::none:
        break;
    }
}

void HistoryVisitor::visit_alone(std::string_view id, const git::Object& object) {
    git::WalkedObject walked;
    walked.type = object.type;
    walked.id = id;
    walked.content = object.content;
    git::TreeEntries entries;
    if (object.type == git::ObjectType::tree) {
        entries.read(object.content, git::raw_size(format_));
        walked.entries = &entries;
    }
    visit(walked);
}

void HistoryVisitor::count(std::uint64_t bytes) {
    ++finds_.counts.contents;
    finds_.counts.bytes += bytes;
    if (progress_ == nullptr) return;
    progress_->contents.fetch_add(1, std::memory_order_relaxed);
    progress_->bytes.fetch_add(bytes, std::memory_order_relaxed);
}

void HistoryVisitor::blob(std::uint32_t number, const git::WalkedObject& object) {
    count(object.content.size());
    const Shape shape = shape_of(object.content, {});
    if (shape == Shape::plain) return plain(number, object, memory(object.slot));
    worker_.look_at(nowhere, object.content, outcome_);
    keep(number, finds_.blobs);
}

void HistoryVisitor::plain(std::uint32_t number, const git::WalkedObject& object, Memory& mine) {
    mine.hits.clear();
    const Memory* base = object.is_delta ? &memories_[object.base_slot] : nullptr;
    if (without_deltas)
        worker_.matcher().find(object.content, 0, mine.hits);
    else if (base != nullptr && base->known)
        find_in_delta(object, *base, mine);
    else
        new_text_.find(worker_.matcher(), object.content, {0, object.content.size()}, mine.hits);
    mine.known = true;
    confirm(number, object, base != nullptr && base->known ? base : nullptr, mine);
}

// Asks the matcher about those hits only that the base can't answer for.
void HistoryVisitor::confirm(std::uint32_t number, const git::WalkedObject& object,
                             const Memory* base, Memory& mine) {
    mine.verdicts = clusters(mine.hits);
    if (mine.verdicts.empty()) return;
    if (base != nullptr && !without_deltas)
        take_over(mine.verdicts, base->verdicts, object.copies, object.base.size(),
                  object.content.size());
    if (!without_deltas) known_verdicts_.look_up(mine.verdicts, object.content);
    std::vector<Hit> open;
    for (const Verdict& verdict : mine.verdicts)
        if (!verdict.known) open.insert(open.end(), verdict.hits.begin(), verdict.hits.end());
    const std::size_t allowed = outcome_.counts.allowed;
    if (!open.empty()) worker_.confirm(nowhere, object.content, open, outcome_);
    for (const Verdict& verdict : mine.verdicts)
        for (const Fingerprint& fingerprint : verdict.found)
            keep(number, fingerprint, finds_.blobs);
    give(mine.verdicts, outcome_.findings);
    // A comment that allows something may stand anywhere in its line.
    if (outcome_.counts.allowed != allowed || !outcome_.notes.empty()) known_verdicts_.forget();
    known_verdicts_.keep(mine.verdicts);
    keep(number, finds_.blobs);
}

void HistoryVisitor::find_in_delta(const git::WalkedObject& object, const Memory& base,
                                   Memory& mine) {
    const DeltaWindows delta(object.copies, object.base.size(), object.content.size());
    for (const ByteRange& window : delta.windows())
        new_text_.find(worker_.matcher(), object.content, window, mine.hits);
    delta.carry(base.hits, mine.hits);
    if (mine.hits.size() < 2) return;
    std::ranges::sort(mine.hits, by_end);
    const auto twice = std::ranges::unique(mine.hits);
    mine.hits.erase(twice.begin(), twice.end());
}

void HistoryVisitor::text(std::uint32_t number, std::string_view content,
                          std::map<Fingerprint, std::vector<std::uint32_t>>& into) {
    count(content.size());
    std::vector<Hit> hits;
    worker_.matcher().find(content, 0, hits);
    if (!hits.empty()) worker_.confirm(nowhere, content, hits, outcome_);
    // A message in UTF-16 stands behind headers that are not.
    if (const auto wide = utf16_message(content); !wide.empty())
        worker_.look_at(nowhere, wide, outcome_);
    if (!outcome_.findings.empty() || !outcome_.notes.empty()) keep(number, into);
}

void HistoryVisitor::commit(std::uint32_t number, const git::WalkedObject& object) {
    const auto parsed = git::parse_commit(object.content, format_);
    if (!parsed) {
        miss(object.id, Error{ErrorKind::incomplete, "a damaged commit", {}, "run 'git fsck'"});
        return;
    }
    refer_to(parsed->tree.raw());
    for (const git::ObjectId& parent : parsed->parents)
        refer_to(parent.raw());
    text(number, commit_text(object.content), finds_.commits);
}

void HistoryVisitor::tag(std::uint32_t number, const git::WalkedObject& object) {
    const auto parsed = git::parse_tag(object.content, format_);
    if (!parsed) {
        miss(object.id, Error{ErrorKind::incomplete, "a damaged tag", {}, "run 'git fsck'"});
        return;
    }
    refer_to(parsed->target.raw());
    text(number, commit_text(object.content), finds_.tags);
}

// Entries that came over from the base as they are were looked at there.
void HistoryVisitor::tree(const git::WalkedObject& object) {
    memory(object.slot).known = true;
    if (object.entries->damaged())
        miss(object.id, Error{ErrorKind::incomplete, "a damaged tree", {}, "run 'git fsck'"});
    std::uint32_t next = 0;
    if (object.is_delta && memories_[object.base_slot].known)
        for (const git::TreeEntries::Copied& copied : object.entries->copied()) {
            entries(object, next, copied.first);
            next = copied.first + copied.count;
        }
    entries(object, next, object.entries->size());
}

void HistoryVisitor::entries(const git::WalkedObject& object, std::uint32_t first,
                             std::uint32_t last) {
    git::TreeEntry entry;
    git::TreeCursor cursor(object.content.substr(object.entries->start(first)),
                           git::raw_size(format_));
    for (std::uint32_t at = first; at < last && cursor.next(entry); ++at) {
        name(entry.name);
        if ((entry.mode & git::mode_type) != git::mode_submodule) refer_to(entry.oid);
    }
}

void HistoryVisitor::refer_to(std::string_view raw) {
    if (!referred_.find(raw)) finds_.missing.emplace(raw);
}

void HistoryVisitor::name(std::string_view name) {
    if (!names_.insert(std::hash<std::string_view>()(name)).second) return;
    worker_.matcher().look_at_path(name, outcome_.findings);
    for (const Finding& finding : outcome_.findings)
        finds_.names[std::string(name)].push_back(finding.fingerprint);
    outcome_.findings.clear();
    waiting_names_ += name;
    waiting_names_ += '\n';
    waiting_ends_.push_back(waiting_names_.size());
    if (waiting_names_.size() > names_at_once) match_names();
}

void HistoryVisitor::match_names() {
    const std::string names = std::move(waiting_names_);
    const std::vector<std::size_t> ends = std::move(waiting_ends_);
    waiting_names_.clear();
    waiting_ends_.clear();
    std::vector<Hit> hits;
    worker_.matcher().find(names, 0, hits);
    if (hits.empty()) return;
    worker_.confirm(nowhere, names, hits, outcome_);
    for (const Finding& finding : outcome_.findings) {
        const std::size_t at = std::min<std::size_t>(finding.offset, names.size() - 1);
        const auto end = std::ranges::upper_bound(ends, at); // a name may have a newline itself
        const std::size_t begin = end == ends.begin() ? 0 : *std::prev(end);
        finds_.names[names.substr(begin, *end - 1 - begin)].push_back(finding.fingerprint);
    }
    outcome_.findings.clear();
}

void HistoryVisitor::keep(std::uint32_t number, const Fingerprint& fingerprint,
                          std::map<Fingerprint, std::vector<std::uint32_t>>& into) {
    auto& numbers = into[fingerprint];
    if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
}

void HistoryVisitor::keep(std::uint32_t number,
                          std::map<Fingerprint, std::vector<std::uint32_t>>& into) {
    for (const Finding& finding : outcome_.findings)
        keep(number, finding.fingerprint, into);
    outcome_.findings.clear();
    const std::string id = git::ObjectId(table_.id(number)).hex();
    for (Note& note : outcome_.notes) {
        note.path = note.path.empty() ? id : id + note.path;
        finds_.notes.push_back(std::move(note));
    }
    outcome_.notes.clear();
}

void HistoryVisitor::visit_large(git::ObjectType type, std::string_view id,
                                 git::ObjectStream& stream) {
    const auto number = table_.find(id);
    if (!number || !seen_.mark(*number)) return;
    if (type != git::ObjectType::blob) {
        miss(id, Error{ErrorKind::incomplete,
                       "a " + std::string(to_string(type)) + " too large to be read",
                       {},
                       {}});
        return;
    }
    Stream bytes(stream);
    const std::uint64_t before = outcome_.counts.bytes;
    worker_.look_at(nowhere, bytes, outcome_);
    count(outcome_.counts.bytes - before);
    keep(*number, finds_.blobs);
}

void HistoryVisitor::miss(std::string_view id, const Error& error) {
    const std::string where = id.empty() ? error.where : git::ObjectId(id).hex();
    finds_.notes.push_back({Note::Kind::incomplete, where, error.what, error.hint});
}

HistoryFinds HistoryVisitor::finish() {
    match_names();
    return std::move(finds_);
}

std::string_view utf16_message(std::string_view text) {
    if (!text.contains('\0')) return {};
    const std::size_t blank = text.find("\n\n");
    if (blank == std::string_view::npos) return {};
    const std::string_view message = text.substr(blank + 2);
    const Shape shape = shape_of(message, {});
    return shape == Shape::utf16_le || shape == Shape::utf16_be ? message : std::string_view();
}

std::string_view commit_text(std::string_view content) {
    drop_lines(content, "object ");
    drop_lines(content, "tree ");
    drop_lines(content, "parent ");
    return content;
}

} // namespace stanch::scan
