#include "commits/history.h"

#include "commits/facts.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace stanch::commits {
namespace {

constexpr std::size_t most_edits = 120;
constexpr std::size_t most_files = 40;
constexpr std::size_t largest_file = 400'000;

std::string_view take_until(std::string_view& rest, char end) {
    const std::size_t at = rest.find(end);
    const std::string_view word = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return word;
}

std::vector<PastCommit> parse_names(std::string_view rest) {
    std::vector<PastCommit> commits;
    while (!rest.empty()) {
        std::string_view word = take_until(rest, '\0');
        if (word.starts_with('\001')) {
            word.remove_prefix(1);
            PastCommit& commit = commits.emplace_back();
            commit.id = take_until(word, '\x02');
            commit.subject = take_until(word, '\x02');
        }
        if (word.starts_with('\n')) word.remove_prefix(1);
        if (!word.empty() && !commits.empty()) commits.back().files.emplace_back(word);
    }
    return commits;
}

// Files whose lines' past is worth a look.
std::vector<std::string> followed(const Change& change) {
    std::vector<std::string> paths;
    for (const FileChange& file : change.files) {
        const std::string& text = file.old_side.content.text();
        if (!file.old_side.exists() || file.binary || file.submodule ||
            text.size() > largest_file || is_generated(file.path, text))
            continue;
        paths.push_back(file.path);
    }
    if (paths.size() > most_files) paths.clear();
    return paths;
}

std::string commits_with(const std::vector<PastCommit>& commits,
                         const std::vector<std::string>& paths) {
    const std::set<std::string_view> wanted(paths.begin(), paths.end());
    std::string ids;
    std::size_t count = 0;
    for (const PastCommit& commit : commits) {
        if (commit.files.size() > sweep_files ||
            std::ranges::none_of(commit.files,
                                 [&](const std::string& path) { return wanted.contains(path); }))
            continue;
        ids += commit.id + "\n";
        if (++count == most_edits) break;
    }
    return ids;
}

bool is_id(std::string_view line) {
    return (line.size() == 40 || line.size() == 64) && std::ranges::all_of(line, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

void take_number(std::string_view& rest, std::uint32_t& number) {
    const auto done = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    rest.remove_prefix(static_cast<std::size_t>(done.ptr - rest.data()));
}

// "-a,b" or "+c"
bool take_side(std::string_view& rest, char sign, std::uint32_t& start, std::uint32_t& count) {
    if (!rest.starts_with(sign)) return false;
    rest.remove_prefix(1);
    count = 1;
    take_number(rest, start);
    if (rest.starts_with(',')) {
        rest.remove_prefix(1);
        take_number(rest, count);
    }
    return true;
}

bool parse_header(std::string_view line, PastHunk& hunk) {
    if (!line.starts_with("@@ ")) return false;
    line.remove_prefix(3);
    if (!take_side(line, '-', hunk.old_start, hunk.old_lines)) return false;
    if (!line.starts_with(' ')) return false;
    line.remove_prefix(1);
    return take_side(line, '+', hunk.new_start, hunk.new_lines);
}

class EditParser {
  public:
    explicit EditParser(std::string_view text) : rest_(text) {}

    std::vector<PastEdit> run() {
        while (!rest_.empty())
            take(take_until(rest_, '\n'));
        return std::move(edits_);
    }

  private:
    void take(std::string_view line) {
        PastHunk hunk;
        if (is_id(line)) {
            commit_ = line;
            edits_.reserve(edits_.size() + 1);
            open_ = false;
        } else if (line.starts_with("diff --git ")) {
            edits_.push_back({commit_, {}, {}, {}});
            open_ = true;
        } else if (!open_) {
            return;
        } else if (line.starts_with("--- a/") || line.starts_with("+++ b/")) {
            edits_.back().path = line.substr(6);
        } else if (parse_header(line, hunk)) {
            edits_.back().hunks.push_back(hunk);
            take_lines(std::uint64_t{hunk.old_lines} + hunk.new_lines);
        }
    }

    void take_lines(std::uint64_t count) {
        while (count > 0 && !rest_.empty()) {
            const std::string_view line = take_until(rest_, '\n');
            if (!line.starts_with('-') && !line.starts_with('+')) continue;
            edits_.back().lines.push_back(line.substr(1));
            --count;
        }
    }

    std::string_view rest_;
    std::string_view commit_;
    bool open_ = false;
    std::vector<PastEdit> edits_;
};

// A partial clone would fetch old contents one by one.
bool lacks_contents(const Git& git) {
    return git.succeeds(
        {"config", "--get-regexp", R"(^(extensions\.partialclone|remote\..*\.promisor)$)"});
}

} // namespace

Result<History> read_history(const Git& git, const std::string& revision, const Change& change) {
    History history;
    STANCH_TRY(const std::string names,
               git.run(GitCall{{"log", "-z", "--no-merges", "--no-renames", "--name-only",
                                "--format=%x01%H%x02%s%x02", "-n", std::to_string(history_commits),
                                revision},
                               {},
                               {}}));
    history.commits = parse_names(names);
    const std::vector<std::string> paths = followed(change);
    if (paths.empty() || lacks_contents(git)) return history;
    const std::string ids = commits_with(history.commits, paths);
    if (ids.empty()) return history;
    GitCall call{{"--literal-pathspecs", "diff-tree", "--stdin", "-r", "-p", "-U0", "--root",
                  "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/",
                  "--dst-prefix=b/", "--"},
                 ids,
                 {}};
    call.words.insert(call.words.end(), paths.begin(), paths.end());
    // Where an old content is missing, the names are enough.
    if (auto edits = git.run(call)) history.edits = std::move(*edits);
    return history;
}

std::vector<PastEdit> parse_edits(std::string_view text) {
    return EditParser(text).run();
}

} // namespace stanch::commits
