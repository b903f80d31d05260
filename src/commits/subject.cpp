#include "commits/plan.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace stanch::commits {
namespace {

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

// "fix(parser)!: …"
bool is_conventional(std::string_view subject) {
    static constexpr std::array<std::string_view, 10> types{
        "feat", "fix", "docs", "test", "refactor", "chore", "ci", "build", "style", "perf"};
    const std::size_t colon = subject.find(": ");
    if (colon == std::string_view::npos) return false;
    const std::string_view type = subject.substr(0, std::min(colon, subject.find_first_of("(!")));
    return std::ranges::find(types, type) != types.end();
}

std::string_view first_word(std::string_view text) {
    return text.substr(0, text.find(' '));
}

// What the hunks are mostly about.
struct Topic {
    std::size_t code = 0;
    std::size_t test = 0;
    std::size_t documentation = 0;
    std::size_t changelog = 0;
    std::size_t settings = 0;
    std::size_t blank = 0;
    std::size_t count = 0;
    bool all_created = true;
    bool all_deleted = true;
    std::map<std::string_view, std::size_t> files; // path: changed lines
};

Topic topic_of(const Change& change, const Facts& facts, const std::vector<std::uint32_t>& hunks) {
    Topic topic;
    for (const std::uint32_t index : hunks) {
        const Hunk& hunk = change.hunks[index];
        const FileFacts& file = facts.files[hunk.file];
        ++topic.count;
        topic.blank += facts.hunks[index].only_blank && !hunk.whole_file() ? 1 : 0;
        topic.code += file.kind == FileKind::code ? 1 : 0;
        topic.test += file.kind == FileKind::test ? 1 : 0;
        topic.documentation += file.kind == FileKind::documentation ? 1 : 0;
        topic.changelog += file.kind == FileKind::changelog ? 1 : 0;
        topic.settings += file.kind == FileKind::settings || file.kind == FileKind::lock ? 1 : 0;
        topic.all_created &= file.created;
        topic.all_deleted &= file.deleted;
        // Code speaks for the part, its tests and documents follow.
        const std::size_t weight = file.kind == FileKind::code   ? 8
                                   : file.kind == FileKind::test ? 2
                                                                 : 1;
        topic.files[change.files[hunk.file].path] += weight * (1 + hunk.old_lines + hunk.new_lines);
    }
    return topic;
}

using Weights = std::map<std::string_view, std::size_t>; // path: changed lines

std::string_view main_file(const Weights& files) {
    const auto best =
        std::ranges::max_element(files, {}, [](const auto& entry) { return entry.second; });
    return best == files.end() ? std::string_view() : best->first;
}

// Of the files of one kind.
std::string_view main_file(const Change& change, const Facts& facts,
                           const std::vector<std::uint32_t>& hunks, FileKind kind) {
    Weights files;
    for (const std::uint32_t index : hunks) {
        const Hunk& hunk = change.hunks[index];
        if (facts.files[hunk.file].kind == kind)
            files[change.files[hunk.file].path] += 1 + hunk.old_lines + hunk.new_lines;
    }
    return main_file(files);
}

std::string_view stem(std::string_view path) {
    std::string_view name = path.substr(path.rfind('/') + 1);
    const std::string_view bare = name.substr(0, name.find('.', 1));
    if (bare != "__init__" || path.rfind('/') == std::string_view::npos) return bare;
    const std::string_view folder = path.substr(0, path.rfind('/'));
    return folder.substr(folder.rfind('/') + 1);
}

// Functions and classes that appear or disappear, the first of the largest hunk first.
struct Names {
    std::vector<std::string> added;
    std::vector<std::string> removed;
    std::vector<std::string> inside; // definitions that the hunks stand in
};

// Languages with braces are read without a grammar: a call whose last argument opens a block looks
// like a definition.
bool is_called(const Lines& lines, std::string_view name) {
    static constexpr std::array<std::string_view, 6> callers{"require", "describe", "it",
                                                             "expect",  "before",   "after"};
    const bool member = name.data() > lines.text().data() && name.data()[-1] == '.';
    return member || is_everyday(name) || std::ranges::find(callers, name) != callers.end();
}

void definitions(std::string_view text, Language language, std::vector<std::string>& out) {
    const Lines lines{std::string(text)};
    for (const Scope& scope : find_scopes(lines, language).all)
        if (language == Language::python || !is_called(lines, scope.name))
            out.emplace_back(scope.name);
}

Names names_of(const Change& change, const Facts& facts, const std::vector<std::uint32_t>& hunks,
               FileKind kind) {
    Names names;
    for (const std::uint32_t index : hunks) {
        const Hunk& hunk = change.hunks[index];
        const FileFacts& file = facts.files[hunk.file];
        if (file.kind != kind ||
            (file.language != Language::python && file.language != Language::braces))
            continue;
        definitions(change.added(hunk), file.language, names.added);
        definitions(change.removed(hunk), file.language, names.removed);
        const Side& side = hunk.new_lines > 0 ? change.files[hunk.file].new_side
                                              : change.files[hunk.file].old_side;
        const Scopes scopes = find_scopes(side.content, file.language);
        const std::uint32_t line = hunk.new_lines > 0 ? hunk.new_start : hunk.old_start;
        if (line == 0 || line > scopes.of_line.size()) continue;
        const std::int32_t at = scopes.of_line[line - 1];
        if (at < 0) continue;
        const std::string_view name = scopes.all[static_cast<std::size_t>(at)].name;
        if (file.language == Language::python || !is_called(side.content, name))
            names.inside.emplace_back(name);
    }
    const std::set<std::string> kept(names.added.begin(), names.added.end());
    const std::set<std::string> gone(names.removed.begin(), names.removed.end());
    std::erase_if(names.added, [&](const std::string& name) { return gone.contains(name); });
    std::erase_if(names.removed, [&](const std::string& name) { return kept.contains(name); });
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text = names.front();
    if (names.size() == 2) text += " and " + names[1];
    if (names.size() > 2) text += " and " + std::to_string(names.size() - 1) + " more";
    return text;
}

struct Wording {
    std::string_view type; // of conventional commits
    std::string verb;      // "Add"
    std::string object;
};

bool all_created(const Change& change, const std::vector<std::uint32_t>& hunks) {
    return std::ranges::none_of(
        hunks, [&](std::uint32_t hunk) { return change.file_of(hunk).old_side.exists(); });
}

Wording word_code(const Change& change, const Facts& facts, const std::vector<std::uint32_t>& hunks,
                  FileKind kind) {
    const std::string_view path = main_file(change, facts, hunks, kind);
    const Names names = names_of(change, facts, hunks, kind);
    const std::string in = " in " + std::string(stem(path));
    if (names.added.size() == 1 && names.removed.size() == 1)
        return {"refactor", "Rename", names.removed[0] + " to " + names.added[0]};
    if (!names.added.empty()) return {"feat", "Add", listed(names.added) + in};
    if (!names.removed.empty()) return {"refactor", "Remove", listed(names.removed) + in};
    if (all_created(change, hunks)) return {"feat", "Add", std::string(stem(path))};
    if (!names.inside.empty()) return {"fix", "Change", names.inside.front() + in};
    return {"refactor", "Change", std::string(stem(path))};
}

// The file of these hunks with the same content on the other side, where `file` comes or goes.
const FileChange* counterpart(const Change& change, const std::vector<std::uint32_t>& hunks,
                              const FileChange& file) {
    const bool gone = !file.new_side.exists();
    const Side& side = gone ? file.old_side : file.new_side;
    for (const std::uint32_t index : hunks) {
        const FileChange& other = change.file_of(index);
        const Side& its = gone ? other.new_side : other.old_side;
        if (its.id == side.id && (gone ? !other.old_side.exists() : !other.new_side.exists()))
            return &other;
    }
    return nullptr;
}

std::optional<Wording> word_move(const Change& change, const std::vector<std::uint32_t>& hunks,
                                 std::string_view path) {
    const auto file = std::ranges::find(change.files, path, &FileChange::path);
    if (file == change.files.end() || file->old_side.exists() == file->new_side.exists()) return {};
    const FileChange* other = counterpart(change, hunks, *file);
    if (other == nullptr) return {};
    const std::string& from = file->old_side.exists() ? file->path : other->path;
    const std::string& to = file->old_side.exists() ? other->path : file->path;
    const std::string name = from.substr(from.rfind('/') + 1);
    const std::string new_name = to.substr(to.rfind('/') + 1);
    if (name != new_name) return Wording{"refactor", "Rename", name + " to " + new_name};
    const std::string_view folder = directory(to);
    return Wording{"refactor", "Move",
                   name + " to " + (folder.empty() ? "the top" : std::string(folder))};
}

Wording word(const Change& change, const Facts& facts, const std::vector<std::uint32_t>& hunks) {
    const Topic topic = topic_of(change, facts, hunks);
    const std::string_view path = main_file(topic.files);
    const std::string name(path.substr(path.rfind('/') + 1));
    if (auto moved = word_move(change, hunks, path)) return *std::move(moved);
    if (topic.blank == topic.count) return {"style", "Reformat", std::string(stem(path))};
    if (topic.all_created && topic.files.size() == 1 && topic.code == 0)
        return {"feat", "Add", name};
    if (topic.all_deleted) {
        const std::string more = topic.files.size() > 1
                                     ? " and " + std::to_string(topic.files.size() - 1) + " more"
                                     : "";
        return {"chore", "Remove", name + more};
    }
    if (topic.code > 0) return word_code(change, facts, hunks, FileKind::code);
    if (topic.test > 0) {
        Wording wording = word_code(change, facts, hunks, FileKind::test);
        wording.type = "test";
        return wording;
    }
    if (topic.changelog == topic.count) return {"docs", "Note the change", "in " + name};
    if (topic.documentation + topic.changelog == topic.count)
        return {"docs", "Document", std::string(stem(path))};
    if (topic.settings > 0) return {"chore", "Update", name};
    return {"chore", "Change", name};
}

std::string past(const std::string& verb) {
    if (verb == "Note the change") return "Noted the change";
    return verb.ends_with('e') ? verb + "d" : verb + "ed";
}

} // namespace

SubjectStyle learn_style(const std::vector<std::string>& subjects) {
    SubjectStyle style;
    std::size_t conventional = 0;
    std::size_t lower = 0;
    std::size_t stops = 0;
    std::size_t pasts = 0;
    for (const std::string& subject : subjects) {
        if (subject.empty()) continue;
        const bool typed = is_conventional(subject);
        const std::string_view text = typed
                                          ? std::string_view(subject).substr(subject.find(": ") + 2)
                                          : std::string_view(subject);
        conventional += typed ? 1 : 0;
        lower += !text.empty() && is_lower(text[0]) ? 1 : 0;
        stops += subject.back() == '.' ? 1 : 0;
        pasts += first_word(text).ends_with("ed") && first_word(text) != "Need" ? 1 : 0;
    }
    const std::size_t count = std::max<std::size_t>(1, subjects.size());
    style.conventional = 2 * conventional > count;
    style.lower_case = 2 * lower > count;
    style.full_stop = 2 * stops > count;
    style.past = 3 * pasts > count;
    return style;
}

std::string propose_subject(const Change& change, const Facts& facts,
                            const std::vector<std::uint32_t>& hunks, const SubjectStyle& style) {
    Wording wording = word(change, facts, hunks);
    std::string verb = style.past ? past(wording.verb) : wording.verb;
    if (style.lower_case && is_upper(verb[0])) verb[0] = static_cast<char>(verb[0] - 'A' + 'a');
    std::string subject = style.conventional ? std::string(wording.type) + ": " : "";
    subject += verb + " " + wording.object;
    if (subject.size() > style.longest) subject.resize(style.longest);
    if (style.full_stop) subject += '.';
    return subject;
}

} // namespace stanch::commits
