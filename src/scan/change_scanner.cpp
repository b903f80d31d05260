#include "scan/change_scanner.h"

#include <algorithm>

namespace stanch::scan {
namespace {

class Stream : public ByteStream {
  public:
    explicit Stream(git::ObjectStream& from) : from_(from) {}
    Result<std::size_t> read(std::span<char> buffer) override { return from_.read(buffer); }

  private:
    git::ObjectStream& from_;
};

bool same_secret(const Finding& a, const Finding& b) {
    return a.rule == b.rule && a.secret.equals(b.secret);
}

bool same_line(const Finding& a, const Finding& b) {
    return same_secret(a, b) && a.line.equals(b.line);
}

// Marks one old finding as used for each new one that it is `the_same` as.
template <class Same>
void match_up(const std::vector<Finding>& now, const std::vector<Finding>& before,
              std::vector<bool>& known, std::vector<bool>& used, Same the_same) {
    for (std::size_t i = 0; i < now.size(); ++i)
        for (std::size_t j = 0; j < before.size() && !known[i]; ++j)
            if (!used[j] && the_same(now[i], before[j])) known[i] = used[j] = true;
}

} // namespace

void keep_added(std::vector<Finding>& now, const std::vector<Finding>& before) {
    std::vector<bool> known(now.size());
    std::vector<bool> used(before.size());
    match_up(now, before, known, used, same_line);
    match_up(now, before, known, used, same_secret);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (known[i]) continue;
        if (kept != i) now[kept] = std::move(now[i]);
        ++kept;
    }
    now.resize(kept);
}

void ChangeScanner::blob(const git::ObjectId& id, const std::string& path, Outcome& outcome) {
    const auto content = reader_.read(id, git::ObjectType::blob);
    if (content) return worker_.look_at(Place{path, path}, *content, outcome);
    const auto& error = content.error();
    if (error.kind == ErrorKind::incomplete) {
        const auto large = git::open_object(store_, id);
        if (large && (*large)->type == git::ObjectType::blob) {
            Stream bytes(*(*large)->stream);
            return worker_.look_at(Place{path, path}, bytes, outcome);
        }
    }
    outcome.miss(path, error.what + " (" + id.hex() + ")", error.hint);
}

void ChangeScanner::look_at(const git::Change& change, std::span<const git::ObjectId> old,
                            Outcome& outcome) {
    if (change.old_mode == 0 && change.new_mode != 0)
        look_at_text(change.path, change.path, outcome);
    if (!change.has_blob() || change.intent_to_add) return;
    Outcome now;
    blob(change.new_id, change.path, now);
    if (!now.findings.empty()) {
        Outcome before;
        for (const git::ObjectId& id : old)
            blob(id, change.path, before);
        keep_added(now.findings, before.findings);
        // Nothing that the old versions can't tell makes the answer about the new one incomplete.
    }
    std::ranges::move(now.findings, std::back_inserter(outcome.findings));
    std::ranges::move(now.notes, std::back_inserter(outcome.notes));
    outcome.counts.contents += now.counts.contents;
    outcome.counts.bytes += now.counts.bytes;
    outcome.counts.allowed += now.counts.allowed;
}

void ChangeScanner::look_at_text(std::string_view path, std::string_view text, Outcome& outcome) {
    const std::size_t first = outcome.findings.size();
    const std::size_t contents = outcome.counts.contents;
    const Place place{std::string(path), std::string(path)};
    worker_.look_at(place, text, outcome);
    outcome.counts.contents = contents; // a name or a message is no file
    for (std::size_t i = first; i < outcome.findings.size(); ++i)
        if (text == path) outcome.findings[i].span = outcome.findings[i].match_span = Span{};
}

} // namespace stanch::scan
