#include "commits/journal.h"

#include "commits/apply.h"

#include "os/file.h"
#include "os/temporary.h"

#include <array>
#include <ctime>
#include <map>

namespace stanch::commits {
namespace {

constexpr std::string_view backups = "refs/stanch/backup/";

std::string journal_path(const Git& git) {
    return git.git_directory() + "/stanch/split";
}
std::string lock_path(const Git& git) {
    return git.index_path() + ".lock";
}

std::map<std::string, std::string> parse_fields(const std::string& text) {
    std::map<std::string, std::string> fields;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at, end - at);
        const std::size_t space = line.find(' ');
        if (space != std::string::npos) fields[line.substr(0, space)] = line.substr(space + 1);
        at = end + 1;
    }
    return fields;
}

std::string now_utc() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    (void)gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
    return {text.data(), size};
}

std::string head_of(const Git& git) {
    const auto head = git.line({"rev-parse", "--verify", "--quiet", "HEAD^{commit}"});
    return head ? *head : std::string();
}

std::string zeros(const std::string& like) {
    return std::string(like.empty() ? 40 : like.size(), '0');
}

// Takes Git's own lock on the index, holding its new bytes.
Result<void> lock_index(const Git& git, const std::string& blob) {
    STANCH_TRY(const std::string bytes, git.run({"cat-file", "blob", blob}));
    auto locked = os::create_file(lock_path(git), bytes, 0666);
    if (locked || locked.error().kind != ErrorKind::refused) return locked;
    return fail(ErrorKind::unavailable, "another Git process works on the index", lock_path(git),
                "wait for it to end; if none runs, remove that file");
}

Result<void> move_head(const Git& git, const Move& move, const std::string& message,
                       const std::string& extra) {
    std::string commands = "start\n" + extra;
    if (move.to.empty())
        commands += "delete HEAD " + move.from + "\n";
    else
        commands += "update HEAD " + move.to + " " +
                    (move.from.empty() ? zeros(move.to) : move.from) + "\n";
    commands += "prepare\ncommit\n";
    STANCH_CHECK(git.run(GitCall{{"update-ref", "-m", message, "--stdin"}, commands, {}}));
    return {};
}

bool lock_is_ours(const Git& git, const Move& move) {
    if (move.index.empty() || !os::exists(lock_path(git))) return false;
    const auto id = git.line({"hash-object", "--no-filters", lock_path(git)});
    return id && *id == move.index;
}

} // namespace

std::string Move::text() const {
    return "backup " + backup + "\nfrom " + from + "\nto " + to + "\nkind " +
           (is_undo ? "undo" : "split") + "\nindex " + index + "\n";
}

std::optional<Move> Move::parse(const std::string& text) {
    auto fields = parse_fields(text);
    // A journal that is cut off was written before anything happened.
    if (!text.ends_with('\n') || !fields.contains("index")) return std::nullopt;
    Move move;
    move.backup = fields["backup"];
    move.from = fields["from"];
    move.to = fields["to"];
    move.is_undo = fields["kind"] == "undo";
    move.index = fields["index"];
    return move;
}

Result<std::string> write_blob(const Git& git, const std::string& bytes) {
    STANCH_TRY(std::string id,
               git.run(GitCall{{"hash-object", "-w", "--no-filters", "--stdin"}, bytes, {}}));
    id.pop_back();
    return id;
}

Result<std::string> backup_name(const Git& git, const std::string& after) {
    const std::string stem = std::string(backups) + now_utc() + "-" + after.substr(0, 7);
    std::string name = stem;
    for (int i = 2; git.succeeds({"rev-parse", "--verify", "--quiet", name + "/state"}); ++i)
        name = stem + "-" + std::to_string(i);
    return name;
}

Result<Backup> write_backup(const Git& git, const Source& source, const std::string& after,
                            const std::string& name) {
    Backup backup;
    backup.name = name;
    backup.branch = source.branch;
    backup.before = source.head;
    backup.after = after;
    if (source.kind == SourceKind::work_tree) {
        backup.index_tree = source.target_tree;
        std::string bytes;
        if (os::exists(git.index_path())) {
            STANCH_TRY(bytes, os::read_file(git.index_path()));
        }
        STANCH_TRY(backup.index, write_blob(git, bytes));
    }
    const std::string text = "branch " + backup.branch + "\nbefore " + backup.before + "\nafter " +
                             backup.after + "\nindex " + backup.index + "\nindex_tree " +
                             backup.index_tree + "\n";
    STANCH_TRY(const std::string state, write_blob(git, text));
    std::string commands = "start\ncreate " + backup.name + "/state " + state + "\n";
    if (!backup.before.empty())
        commands += "create " + backup.name + "/head " + backup.before + "\n";
    if (!backup.index.empty())
        commands += "create " + backup.name + "/index " + backup.index + "\n";
    STANCH_CHECK(git.run(GitCall{{"update-ref", "--stdin"}, commands + "prepare\ncommit\n", {}}));
    return backup;
}

Result<std::vector<Backup>> read_backups(const Git& git) {
    STANCH_TRY(const std::string names,
               git.run({"for-each-ref", "--format=%(refname)", "--sort=-refname",
                        std::string(backups) + "**/state"}));
    std::vector<Backup> all;
    for (std::size_t at = 0; at < names.size();) {
        const std::size_t end = std::min(names.find('\n', at), names.size());
        const std::string name = names.substr(at, end - at);
        at = end + 1;
        STANCH_TRY(const std::string text, git.run({"cat-file", "blob", name}));
        auto fields = parse_fields(text);
        all.push_back({name.substr(0, name.rfind('/')), fields["branch"], fields["before"],
                       fields["after"], fields["index"], fields["index_tree"]});
    }
    return all;
}

namespace {

std::string deletions(const std::string& refs) {
    std::string commands;
    for (std::size_t at = 0; at < refs.size();) {
        const std::size_t end = std::min(refs.find('\n', at), refs.size());
        commands += "delete " + refs.substr(at, end - at) + "\n";
        at = end + 1;
    }
    return commands;
}

// The backup of the split that HEAD stands on now. One whose split never happened is passed over.
Result<Backup> backup_to_undo(const Git& git) {
    STANCH_TRY(const std::vector<Backup> all, read_backups(git));
    if (all.empty()) return fail(ErrorKind::not_found, "there is no split to undo");
    const std::string head = head_of(git);
    const auto branch = git.line({"symbolic-ref", "--quiet", "HEAD"});
    for (const Backup& backup : all)
        if (backup.after == head && backup.branch == (branch ? *branch : std::string()))
            return backup;
    return fail(ErrorKind::refused, "HEAD is not where the last split left it", all.front().name,
                "the old state is kept: git reset --soft " + all.front().name + "/head");
}

} // namespace

Result<void> delete_backup(const Git& git, const Backup& backup) {
    STANCH_TRY(const std::string refs,
               git.run({"for-each-ref", "--format=%(refname)", backup.name}));
    if (refs.empty()) return {};
    STANCH_CHECK(git.run(GitCall{{"update-ref", "--stdin"}, deletions(refs), {}}));
    return {};
}

Result<void> open_journal(const Git& git, const Move& move) {
    STANCH_CHECK(os::make_directories(git.git_directory() + "/stanch"));
    return os::write_file(journal_path(git), move.text());
}

Result<void> make_move(const Git& git, const Move& move, const std::string& message,
                       const std::string& extra) {
    STANCH_CHECK(open_journal(git, move));
    if (!move.index.empty()) STANCH_CHECK(lock_index(git, move.index));
    STANCH_CHECK(move_head(git, move, message, extra));
    if (!move.index.empty()) STANCH_CHECK(os::rename_file(lock_path(git), git.index_path()));
    return os::remove_file(journal_path(git));
}

Result<std::string> recover(const Git& git) {
    if (!os::exists(journal_path(git))) return std::string();
    STANCH_TRY(const std::string text, os::read_file(journal_path(git)));
    const std::optional<Move> move = Move::parse(text);
    std::string said = "an interrupted split was cleared up: nothing had changed";
    if (move) {
        const std::string head = head_of(git);
        const bool ours = lock_is_ours(git, *move);
        const bool done = head == move->to && move->to != move->from;
        if (ours && done) STANCH_CHECK(os::rename_file(lock_path(git), git.index_path()));
        if (ours && !done) STANCH_CHECK(os::remove_file(lock_path(git)));
        // A backup that nothing needs: of a split that did not happen, or of an undo that did.
        if (done == move->is_undo)
            STANCH_CHECK(delete_backup(git, Backup{move->backup, {}, {}, {}, {}, {}}));
        if (done) said = "an interrupted split was finished: it stands as planned";
        if (done && move->is_undo) said = "an interrupted undo was finished";
    }
    STANCH_CHECK(os::remove_file(journal_path(git)));
    return said;
}

Result<std::string> undo(const Git& git) {
    STANCH_TRY(const Backup backup, backup_to_undo(git));
    const Move move{backup.name, backup.after, backup.before, true, backup.index};
    if (!backup.index.empty()) {
        STANCH_TRY(const std::string tree, git.line({"write-tree"}));
        if (tree != backup.index_tree)
            return fail(ErrorKind::refused, "something was staged since the split",
                        git.index_path(), "unstage it first: git reset");
    }
    STANCH_TRY(const std::string refs,
               git.run({"for-each-ref", "--format=%(refname)", backup.name}));
    if (auto moved = make_move(git, move, "stanch split: undo", deletions(refs)); !moved) {
        (void)recover(git); // nothing has moved: the lock goes again
        return std::unexpected(moved.error());
    }
    return backup.before;
}

} // namespace stanch::commits
