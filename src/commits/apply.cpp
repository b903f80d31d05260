#include "commits/apply.h"

#include "commits/commit_text.h"
#include "commits/journal.h"
#include "commits/worktree.h"

#include "os/file.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace stanch::commits {
namespace {

// Each old commit's new one.
using Replaced = std::map<std::string, std::string>;

class Maker {
  public:
    Maker(const Git& git, const Source& source, const Change& change, Plan& plan,
          const Facts& facts, const ApplyOptions& options)
        : git_(git), source_(source), change_(change), plan_(plan), facts_(facts),
          options_(options) {}

    Result<Applied> run() {
        STANCH_CHECK(check_plan(plan_, change_));
        STANCH_CHECK(read_originals());
        STANCH_CHECK(make_parts());
        if (!options_.check.empty()) STANCH_CHECK(check_parts());
        STANCH_CHECK(make_descendants());
        STANCH_CHECK(move());
        return std::move(applied_);
    }

  private:
    void tell(const std::string& line) const {
        if (options_.tell) options_.tell(line);
    }

    Result<void> read_originals() {
        for (const std::string& id : source_.replaced) {
            STANCH_TRY(Original original, read_original(git_, id));
            originals_.push_back(std::move(original));
        }
        const auto configured = git_.line({"config", "--type=bool", "--get", "commit.gpgSign"});
        signs_ = options_.sign && configured && *configured == "true";
        const bool was_signed = std::ranges::any_of(originals_, &Original::is_signed);
        if (was_signed && !signs_)
            applied_.notes.emplace_back(
                "the original's signature is lost: set commit.gpgSign to sign the parts");
        return {};
    }

    Result<void> make_parts() {
        STANCH_TRY(trees_, part_trees(git_, change_, plan_));
        STANCH_CHECK(scan_parts());
        applied_.commits.clear();
        std::optional<Worktree> worktree;
        std::string parent = source_.base_commit;
        for (std::size_t i = 0; i < plan_.parts.size(); ++i) {
            std::string message = part_message(plan_.parts[i], originals_, i == largest_part());
            add_authors(message);
            STANCH_CHECK(run_hooks(worktree, trees_[i], parent, message));
            STANCH_TRY(parent, commit(trees_[i], parent, message));
            applied_.commits.push_back(parent);
        }
        return {};
    }

    Result<void> scan_parts() {
        if (!options_.scan) return {};
        std::string before = source_.base_tree;
        for (const std::string& tree : trees_) {
            STANCH_CHECK(options_.scan(git_, before, tree));
            before = tree;
        }
        return {};
    }

    [[nodiscard]] std::size_t lines_of(const Part& part) const {
        std::size_t lines = 0;
        for (const std::uint32_t hunk : part.hunks)
            lines += change_.hunks[hunk].old_lines + change_.hunks[hunk].new_lines;
        return lines;
    }

    [[nodiscard]] std::size_t largest_part() const {
        const auto largest = std::ranges::max_element(
            plan_.parts, {}, [&](const Part& part) { return lines_of(part); });
        return static_cast<std::size_t>(largest - plan_.parts.begin());
    }

    // Authors of a range other than the one whose name the parts bear.
    void add_authors(std::string& message) const {
        std::set<std::string> others;
        const auto person = [](const Original& original) {
            return original.author.substr(0, original.author.rfind('>') + 1);
        };
        for (const Original& original : originals_)
            if (person(original) != person(originals_.back())) others.insert(person(original));
        for (const std::string& other : others)
            message += "Co-authored-by: " + other + "\n";
    }

    Result<void> run_hooks(std::optional<Worktree>& worktree, const std::string& tree,
                           const std::string& parent, std::string& message) {
        if (!options_.hooks) return {};
        const bool before = has_hook(git_, "pre-commit");
        const bool on_message = has_hook(git_, "commit-msg");
        if (!before && !on_message) return {};
        if (parent.empty()) {
            applied_.notes.emplace_back("hooks were not run for the first commit of this history");
            return {};
        }
        if (!worktree) {
            STANCH_TRY(Worktree made, Worktree::make(git_, parent));
            worktree.emplace(std::move(made));
        }
        STANCH_CHECK(worktree->show(tree, parent));
        STANCH_CHECK(worktree->run_hook("pre-commit"));
        STANCH_TRY(const std::string now, worktree->tree());
        if (now != tree)
            return fail(
                ErrorKind::refused, "the pre-commit hook changes what is committed", {},
                "let it change the files before the split, or leave hooks out with --no-verify");
        const std::string path = worktree->git_path("COMMIT_EDITMSG");
        STANCH_CHECK(os::write_file(path, message));
        STANCH_CHECK(worktree->run_hook("commit-msg", {path}));
        STANCH_TRY(message, os::read_file(path));
        return {};
    }

    Result<std::string> commit(const std::string& tree, const std::string& parent,
                               const std::string& message) {
        GitCall call;
        if (!originals_.empty()) {
            call.environment = identity(originals_.back());
            if (!originals_.back().encoding.empty())
                call.words = {"-c", "i18n.commitEncoding=" + originals_.back().encoding};
        }
        call.words.insert(call.words.end(), {"commit-tree", tree});
        if (!parent.empty()) call.words.insert(call.words.end(), {"-p", parent});
        if (signs_) call.words.emplace_back("-S");
        call.words.insert(call.words.end(), {"-F", "-"});
        call.input = message;
        STANCH_TRY(std::string id, git_.run(call));
        id.pop_back();
        return id;
    }

    // Runs the team's command on each part, and joins a part with the next where it fails.
    Result<void> check_parts() {
        STANCH_TRY(Worktree worktree, Worktree::make(git_, applied_.commits.front()));
        std::set<std::string> passed;
        for (std::size_t i = 0; i < plan_.parts.size();) {
            if (passed.contains(trees_[i])) {
                ++i;
                continue;
            }
            STANCH_CHECK(worktree.show(trees_[i], applied_.commits[i]));
            STANCH_TRY(const Worktree::Ran ran, worktree.shell(options_.check));
            if (ran.exit_code == 0) {
                tell("passes: " + plan_.parts[i].subject);
                passed.insert(trees_[i++]);
                continue;
            }
            if (i + 1 == plan_.parts.size())
                return fail(ErrorKind::refused,
                            "the whole change fails '" + options_.check + "' (exit code " +
                                std::to_string(ran.exit_code) + "): no split of it can pass",
                            {}, "mend the change first");
            join_with_next(i);
            STANCH_CHECK(make_parts());
        }
        return {};
    }

    void join_with_next(std::size_t i) {
        const std::string first = plan_.parts[i].subject;
        const std::string second = plan_.parts[i + 1].subject;
        applied_.notes.push_back("'" + first + "' fails the check alone: joined with '" + second +
                                 "'");
        tell(applied_.notes.back());
        // The larger one's subject says most of the sum.
        const std::string subject =
            lines_of(plan_.parts[i]) > lines_of(plan_.parts[i + 1]) ? first : second;
        Part& part = plan_.parts[i + 1];
        part.hunks.insert(part.hunks.end(), plan_.parts[i].hunks.begin(),
                          plan_.parts[i].hunks.end());
        std::ranges::sort(part.hunks);
        plan_.parts.erase(plan_.parts.begin() + static_cast<std::ptrdiff_t>(i));
        plan_.parts[i].subject = subject;
        refresh(plan_, change_, facts_);
    }

    Result<void> make_descendants() {
        applied_.tip = applied_.commits.back();
        if (source_.descendants.empty()) return {};
        Replaced replaced{{source_.tip_commit, applied_.tip}};
        for (const std::string& id : source_.descendants) {
            STANCH_TRY(const std::string made, remake(id, replaced));
            replaced[id] = made;
        }
        applied_.tip = replaced.at(source_.descendants.back());
        applied_.notes.push_back(std::to_string(source_.descendants.size()) +
                                 " later commit(s) were written again on top, with the same trees");
        return {};
    }

    // The same commit on other parents, byte for byte but for its signature.
    Result<std::string> remake(const std::string& id, const Replaced& replaced) {
        STANCH_TRY(const Original original, read_original(git_, id));
        if (signs_) return commit_again(original, replaced);
        if (original.is_signed)
            applied_.notes.push_back("the signature of " + id.substr(0, 12) + " is lost");
        STANCH_TRY(const std::string text, git_.run({"cat-file", "commit", id}));
        std::string out;
        bool in_signature = false;
        std::size_t at = 0;
        while (at < text.size()) {
            const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
            std::string line = text.substr(at, end - at);
            at = end;
            if (line == "\n") {
                out += line + text.substr(at);
                break;
            }
            in_signature = line.starts_with("gpgsig") || (in_signature && line.starts_with(' '));
            if (in_signature) continue;
            if (line.starts_with("parent "))
                if (const auto other = replaced.find(line.substr(7, line.size() - 8));
                    other != replaced.end())
                    line = "parent " + other->second + "\n";
            out += line;
        }
        STANCH_TRY(std::string made,
                   git_.run(GitCall{{"hash-object", "-t", "commit", "-w", "--stdin"}, out, {}}));
        made.pop_back();
        return made;
    }

    Result<std::string> commit_again(const Original& original, const Replaced& replaced) {
        GitCall call;
        call.environment = identity(original);
        if (!original.encoding.empty())
            call.words = {"-c", "i18n.commitEncoding=" + original.encoding};
        call.words.insert(call.words.end(), {"commit-tree", "-S", original.tree});
        for (const std::string& parent : original.parents) {
            const auto other = replaced.find(parent);
            call.words.insert(call.words.end(),
                              {"-p", other == replaced.end() ? parent : other->second});
        }
        call.words.insert(call.words.end(), {"-F", "-"});
        call.input = original.message;
        STANCH_TRY(std::string id, git_.run(call));
        id.pop_back();
        return id;
    }

    Result<void> move() {
        Move move;
        if (source_.kind == SourceKind::work_tree) {
            STANCH_TRY(const std::string bytes, os::read_file(source_.index_file));
            STANCH_TRY(move.index, write_blob(git_, bytes));
        }
        STANCH_TRY(move.backup, backup_name(git_, applied_.tip));
        applied_.backup = move.backup;
        move.from = source_.head;
        move.to = applied_.tip;
        STANCH_CHECK(open_journal(git_, move));
        if (auto done = move_with_backup(move); !done) {
            (void)recover(git_); // nothing has moved: the backup goes again
            return done;
        }
        return {};
    }

    Result<void> move_with_backup(const Move& move) {
        STANCH_CHECK(write_backup(git_, source_, applied_.tip, move.backup));
        return make_move(git_, move,
                         "stanch split: " + std::to_string(plan_.parts.size()) + " commits", {});
    }

    const Git& git_;
    const Source& source_;
    const Change& change_;
    Plan& plan_;
    const Facts& facts_;
    const ApplyOptions& options_;
    std::vector<Original> originals_;
    std::vector<std::string> trees_;
    bool signs_ = false;
    Applied applied_;
};

} // namespace

Result<Applied> apply(const Git& git, const Source& source, const Change& change, Plan& plan,
                      const Facts& facts, const ApplyOptions& options) {
    return Maker(git, source, change, plan, facts, options).run();
}

} // namespace stanch::commits
