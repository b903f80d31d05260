#include "commits/read.h"

#include <algorithm>
#include <charconv>

namespace stanch::commits {
namespace {

constexpr std::uint32_t submodule_mode = 0160000;

// The text up to `stop`, taken off the front of `rest`.
std::string_view take_until(std::string_view& rest, char stop) {
    const std::size_t at = rest.find(stop);
    const std::string_view head = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return head;
}

bool take_number(std::string_view& rest, std::uint32_t& number, int base = 10) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number, base);
    if (error != std::errc()) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
}

bool take_prefix(std::string_view& rest, std::string_view prefix) {
    if (!rest.starts_with(prefix)) return false;
    rest.remove_prefix(prefix.size());
    return true;
}

// "12,3" or "12"
bool take_range(std::string_view& rest, std::uint32_t& start, std::uint32_t& lines) {
    lines = 1;
    if (!take_number(rest, start)) return false;
    return !take_prefix(rest, ",") || take_number(rest, lines);
}

bool parse_header(std::string_view line, Hunk& hunk) {
    return take_prefix(line, "@@ -") && take_range(line, hunk.old_start, hunk.old_lines) &&
           take_prefix(line, " +") && take_range(line, hunk.new_start, hunk.new_lines) &&
           line.starts_with(" @@");
}

// Passes over a hunk's own lines, which may look like anything.
bool skip_body(std::string_view& rest, const Hunk& hunk) {
    std::uint32_t removed = 0;
    std::uint32_t added = 0;
    while (removed < hunk.old_lines || added < hunk.new_lines) {
        if (rest.empty()) return false;
        const char kind = rest.front();
        if (kind == '-')
            ++removed;
        else if (kind == '+')
            ++added;
        else if (kind != '\\')
            return false;
        take_until(rest, '\n');
    }
    return true;
}

// ":100644 100755 OLD NEW M" of `git diff-tree --raw -z`
bool parse_raw(std::string_view entry, FileChange& file, char& status) {
    std::uint32_t old_mode = 0;
    std::uint32_t new_mode = 0;
    if (!take_prefix(entry, ":") || !take_number(entry, old_mode, 8) || !take_prefix(entry, " ") ||
        !take_number(entry, new_mode, 8) || !take_prefix(entry, " "))
        return false;
    file.old_side.mode = old_mode;
    file.new_side.mode = new_mode;
    file.old_side.id = take_until(entry, ' ');
    file.new_side.id = take_until(entry, ' ');
    status = entry.empty() ? '?' : entry.front();
    return status == 'A' || status == 'D' || status == 'M' || status == 'T';
}

Result<std::vector<FileChange>> parse_raw_list(std::string_view raw, std::string& statuses) {
    std::vector<FileChange> files;
    while (!raw.empty()) {
        FileChange file;
        char status = 0;
        if (!parse_raw(take_until(raw, '\0'), file, status))
            return fail(ErrorKind::invalid, "git names a change that is not understood");
        file.path = take_until(raw, '\0');
        file.submodule =
            file.old_side.mode == submodule_mode || file.new_side.mode == submodule_mode;
        files.push_back(std::move(file));
        statuses.push_back(status);
    }
    return files;
}

bool wants_content(const Side& side) {
    return side.exists() && side.mode != submodule_mode;
}

std::string wanted_ids(const std::vector<FileChange>& files) {
    std::string ids;
    for (const FileChange& file : files)
        for (const Side* side : {&file.old_side, &file.new_side})
            if (wants_content(*side)) ids += side->id + "\n";
    return ids;
}

// One answer of `git cat-file --batch`: "ID blob SIZE\n…\n", or "ID missing\n".
std::string_view take_object(std::string_view& answers) {
    std::string_view header = take_until(answers, '\n');
    const std::size_t space = header.rfind(' ');
    if (space == std::string_view::npos) return {};
    std::string_view number = header.substr(space + 1);
    std::uint32_t size = 0;
    if (!take_number(number, size) || size >= answers.size()) return {};
    const std::string_view content = answers.substr(0, size);
    answers.remove_prefix(size + 1);
    return content;
}

void fill_contents(std::vector<FileChange>& files, std::string_view answers, std::size_t largest) {
    for (FileChange& file : files)
        for (Side* side : {&file.old_side, &file.new_side}) {
            if (!wants_content(*side)) continue;
            const std::string_view content = take_object(answers);
            if (content.size() > largest)
                file.binary = true;
            else
                side->content = Lines(std::string(content));
        }
}

// A submodule's text as Git's diff shows it.
void fill_submodule(Side& side) {
    if (side.mode == submodule_mode) side.content = Lines("Subproject commit " + side.id + "\n");
}

Result<void> add_hunks(Change& change, std::vector<DiffSection>& sections,
                       const std::string& statuses) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < change.files.size(); ++i) {
        FileChange& file = change.files[i];
        // A changed type is shown as a deletion and a creation: one hunk for us, the whole file.
        const std::size_t count = statuses[i] == 'T' ? 2 : 1;
        if (at + count > sections.size())
            return fail(ErrorKind::invalid, "git's two views of the change differ", file.path);
        const DiffSection& section = sections[at];
        file.binary = file.binary || section.binary;
        std::vector<Hunk> hunks;
        if (!file.binary && count == 1) hunks = section.hunks;
        if (hunks.empty()) hunks.emplace_back();
        for (Hunk& hunk : hunks) {
            hunk.file = static_cast<std::uint32_t>(i);
            file.hunks.push_back(static_cast<std::uint32_t>(change.hunks.size()));
            change.hunks.push_back(hunk);
        }
        at += count;
    }
    return {};
}

} // namespace

Result<std::vector<DiffSection>> parse_diff(std::string_view diff) {
    std::vector<DiffSection> sections;
    while (!diff.empty()) {
        const std::string_view line = take_until(diff, '\n');
        if (line.starts_with("diff --git ")) sections.emplace_back();
        if (sections.empty()) continue;
        DiffSection& section = sections.back();
        if (line.starts_with("Binary files ")) section.binary = true;
        if (line.starts_with("new file mode ")) section.created = true;
        if (line.starts_with("deleted file mode ")) section.deleted = true;
        if (!line.starts_with("@@ ")) continue;
        Hunk hunk;
        if (!parse_header(line, hunk) || !skip_body(diff, hunk))
            return fail(ErrorKind::invalid, "git's diff is not understood");
        section.hunks.push_back(hunk);
    }
    return sections;
}

Result<Change> read_change(const Git& git, const std::string& base, const std::string& target,
                           const std::map<std::string, std::string>& environment,
                           std::size_t largest) {
    Change change;
    const auto tree = [&](const std::string& name) {
        return git.run(GitCall{
            {"rev-parse", "--verify", "--end-of-options", name + "^{tree}"}, {}, environment});
    };
    STANCH_TRY(change.base, tree(base));
    STANCH_TRY(change.target, tree(target));
    change.base.pop_back();
    change.target.pop_back();
    STANCH_TRY(const std::string raw,
               git.run(GitCall{{"diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev",
                                "--ignore-submodules=none", change.base, change.target},
                               {},
                               environment}));
    std::string statuses;
    STANCH_TRY(change.files, parse_raw_list(raw, statuses));
    if (change.files.empty()) return change;
    STANCH_TRY(const std::string diff,
               git.run(GitCall{{"diff-tree", "-r", "-p", "-U0", "--no-renames", "--no-ext-diff",
                                "--no-textconv", "--diff-algorithm=myers", "--no-color",
                                "--submodule=short", "--ignore-submodules=none",
                                "--inter-hunk-context=0", change.base, change.target},
                               {},
                               environment}));
    STANCH_TRY(std::vector<DiffSection> sections, parse_diff(diff));
    STANCH_TRY(const std::string answers,
               git.run(GitCall{{"cat-file", "--batch"}, wanted_ids(change.files), environment}));
    fill_contents(change.files, answers, largest);
    for (FileChange& file : change.files) {
        fill_submodule(file.old_side);
        fill_submodule(file.new_side);
    }
    STANCH_CHECK(add_hunks(change, sections, statuses));
    return change;
}

} // namespace stanch::commits
