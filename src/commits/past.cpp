#include "commits/past.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace stanch::commits {
namespace {

// A hunk is compared by the commits whose words or lines come nearest to it.
constexpr std::size_t most_echoes = 40;
constexpr std::uint32_t near_lines = 2;
constexpr std::uint32_t around_lines = 12;

float share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0.0F : static_cast<float>(part) / static_cast<float>(whole);
}

// Which commits hold a word.
class Concordance {
  public:
    explicit Concordance(std::size_t words) : commits_(words) {}

    void add(Word word, std::uint16_t commit) {
        if (word >= commits_.size()) return;
        std::vector<std::uint16_t>& list = commits_[word];
        if (list.empty() || list.back() != commit) list.push_back(commit);
    }

    // How loudly each commit echoes some words: the nearest of them, with the squares of the words'
    // rarity.
    [[nodiscard]] Bag echoes(const Bag& words, std::size_t total) const {
        std::vector<float> loud(total);
        std::vector<Word> met;
        for (const auto& [word, weight] : words) {
            if (word >= commits_.size() || commits_[word].empty()) continue;
            const float rarity =
                std::log1p(static_cast<float>(total) / static_cast<float>(commits_[word].size()));
            for (const std::uint16_t commit : commits_[word]) {
                if (loud[commit] == 0) met.push_back(commit);
                loud[commit] += weight * rarity * rarity;
            }
        }
        const auto louder = [&](Word a, Word b) {
            return loud[a] != loud[b] ? loud[a] > loud[b] : a < b;
        };
        if (met.size() > most_echoes) {
            std::ranges::nth_element(met, met.begin() + most_echoes, louder);
            met.resize(most_echoes);
        }
        std::ranges::sort(met);
        Bag bag;
        for (const Word commit : met)
            bag.emplace_back(commit, loud[commit]);
        return bag;
    }

  private:
    std::vector<std::vector<std::uint16_t>> commits_; // [word], ascending
};

// Follows the lines of one file backward through its past edits.
class Trace {
  public:
    explicit Trace(std::size_t lines) : at_(lines) {
        for (std::size_t i = 0; i < lines; ++i)
            at_[i] = static_cast<std::uint32_t>(i + 1);
    }

    // Lines of today (from 0) that an edit wrote or stood beside, ascending. Newest edit first.
    std::vector<std::uint32_t> step(const std::vector<PastHunk>& hunks) {
        std::vector<std::uint32_t> touched;
        std::size_t next = 0;
        std::int64_t shift = 0;
        for (std::uint32_t line = 0; line < at_.size(); ++line) {
            const std::uint32_t at = at_[line];
            if (at == 0) continue;
            while (next < hunks.size() && at > last(hunks[next])) {
                shift += std::int64_t{hunks[next].old_lines} - hunks[next].new_lines;
                if (at == last(hunks[next]) + 1) touched.push_back(line);
                ++next;
            }
            if (next < hunks.size() && at + 1 >= first(hunks[next]) &&
                (touched.empty() || touched.back() != line))
                touched.push_back(line);
            const bool written =
                next < hunks.size() && hunks[next].new_lines > 0 && at >= hunks[next].new_start;
            at_[line] = written ? 0
                                : static_cast<std::uint32_t>(
                                      std::max<std::int64_t>(1, std::int64_t{at} + shift));
        }
        return touched;
    }

  private:
    static std::uint32_t first(const PastHunk& hunk) {
        return hunk.new_lines > 0 ? hunk.new_start : hunk.new_start + 1;
    }
    static std::uint32_t last(const PastHunk& hunk) {
        return hunk.new_lines > 0 ? hunk.new_start + hunk.new_lines - 1 : hunk.new_start;
    }

    std::vector<std::uint32_t> at_; // [line of today]: where it stood; 0: not written yet
};

class Past {
  public:
    Past(const Change& change, const History& history, const Vocabulary& words, Facts& facts)
        : change_(change), history_(history), words_(words), facts_(facts) {
        for (std::size_t i = 0; i < change.files.size(); ++i)
            index_[change.files[i].path] = i;
    }

    void add() {
        add_files();
        add_kinds();
        add_style();
        add_topics();
        add_edits();
    }

  private:
    void add_files() {
        std::unordered_map<std::string_view, std::vector<std::size_t>> directories;
        for (std::size_t i = 0; i < change_.files.size(); ++i)
            directories[directory(change_.files[i].path)].push_back(i);
        std::size_t larger = 0;
        std::size_t cover = 0;
        for (std::size_t c = 0; c < history_.commits.size(); ++c) {
            const std::vector<std::string>& files = history_.commits[c].files;
            if (files.size() >= change_.files.size()) ++larger;
            if (files.size() > sweep_files) continue;
            const auto commit = static_cast<std::uint16_t>(c);
            std::size_t met = 0;
            for (const std::string& path : files) {
                if (const auto at = index_.find(path); at != index_.end()) {
                    facts_.files[at->second].commits.push_back(commit);
                    ++met;
                }
                if (const auto at = directories.find(directory(path)); at != directories.end())
                    for (const std::size_t file : at->second)
                        if (std::vector<std::uint16_t>& list = facts_.files[file].near_commits;
                            list.empty() || list.back() != commit)
                            list.push_back(commit);
            }
            cover = std::max(cover, met);
        }
        facts_.larger_share = share(larger, history_.commits.size());
        facts_.best_cover = share(cover, change_.files.size());
    }

    // How often a commit that touches one kind of file touches another.
    void add_kinds() {
        std::array<std::array<std::size_t, kinds>, kinds> together{};
        std::size_t code_larger = 0;
        std::size_t files = 0;
        std::size_t code_here = 0;
        for (const FileFacts& file : facts_.files)
            if (file.kind == FileKind::code) ++code_here;
        for (const PastCommit& commit : history_.commits) {
            std::array<std::size_t, kinds> count{};
            for (const std::string& path : commit.files)
                ++count[static_cast<std::size_t>(kind_of(path))];
            for (std::size_t a = 0; a < kinds; ++a)
                for (std::size_t b = 0; b < kinds; ++b)
                    if (count[a] > 0 && count[b] > 0) ++together[a][b];
            if (count[0] >= code_here) ++code_larger;
            files += std::min(commit.files.size(), sweep_files);
        }
        for (std::size_t a = 0; a < kinds; ++a)
            for (std::size_t b = 0; b < kinds; ++b)
                facts_.kind_given[a][b] = share(together[a][b], together[a][a]);
        facts_.code_larger = share(code_larger, history_.commits.size());
        facts_.files_usual = share(files, history_.commits.size());
    }

    // Whether work comes in one commit or in a row of them.
    void add_style() {
        std::size_t repeated = 0;
        std::size_t squashed = 0;
        for (std::size_t c = 0; c < history_.commits.size(); ++c) {
            const PastCommit& commit = history_.commits[c];
            if (ends_in_number(commit.subject)) ++squashed;
            if (c > 0 && share_a_file(commit, history_.commits[c - 1])) ++repeated;
        }
        facts_.repeated = share(repeated, history_.commits.size());
        facts_.squashed = share(squashed, history_.commits.size());
    }

    // "Mend it (#123)"
    static bool ends_in_number(std::string_view subject) {
        const std::size_t mark = subject.rfind("(#");
        return mark != std::string_view::npos && subject.ends_with(')') &&
               subject.find_first_not_of("0123456789", mark + 2) == subject.size() - 1;
    }

    static bool share_a_file(const PastCommit& a, const PastCommit& b) {
        if (a.files.size() > sweep_files || b.files.size() > sweep_files) return false;
        return std::ranges::any_of(a.files, [&](const std::string& path) {
            return std::ranges::find(b.files, path) != b.files.end();
        });
    }

    // How large the edits of these files were before, beside this one.
    void add_sizes(const std::vector<PastEdit>& edits) {
        std::map<std::string_view, std::pair<std::size_t, std::size_t>> commits; // hunks, lines
        std::map<std::size_t, std::pair<std::size_t, std::size_t>> files;        // hunks, edits
        for (const PastEdit& edit : edits) {
            auto& [hunks, lines] = commits[edit.commit];
            hunks += edit.hunks.size();
            lines += edit.lines.size();
            const auto file = index_.find(edit.path);
            if (file == index_.end()) continue;
            files[file->second].first += edit.hunks.size();
            ++files[file->second].second;
        }
        for (const auto& [file, count] : files)
            facts_.files[file].usual_hunks = share(count.first, count.second);
        std::size_t hunks_here = 0;
        std::size_t lines_here = 0;
        for (const Hunk& hunk : change_.hunks)
            if (files.contains(hunk.file)) {
                ++hunks_here;
                lines_here += std::size_t{hunk.old_lines} + hunk.new_lines;
            }
        std::size_t hunks_larger = 0;
        std::size_t lines_larger = 0;
        for (const auto& [commit, size] : commits) {
            if (size.first >= hunks_here) ++hunks_larger;
            if (size.second >= lines_here) ++lines_larger;
        }
        facts_.hunks_larger = share(hunks_larger, commits.size());
        facts_.lines_larger = share(lines_larger, commits.size());
    }

    // What commits say of themselves, and what the hunks have of it.
    void add_topics() {
        Concordance subjects(words_.size());
        std::vector<std::string_view> found;
        std::vector<std::string> pieces;
        std::vector<std::map<Word, float>> profiles(change_.files.size());
        for (std::size_t c = 0; c < history_.commits.size(); ++c) {
            const PastCommit& commit = history_.commits[c];
            found.clear();
            pieces.clear();
            identifiers(commit.subject, found);
            for (const std::string& path : commit.files)
                if (commit.files.size() <= sweep_files) identifiers(path, found);
            for (const std::string_view identifier : found)
                parts_of(identifier, pieces);
            for (const std::string& piece : pieces)
                if (const Word word = words_.find("." + piece); word != Vocabulary::none)
                    subjects.add(word, static_cast<std::uint16_t>(c));
            add_profile(commit, profiles);
        }
        for (HunkFacts& hunk : facts_.hunks)
            hunk.topics = subjects.echoes(hunk.parts, history_.commits.size());
        for (std::size_t file = 0; file < profiles.size(); ++file)
            facts_.files[file].profile.assign(profiles[file].begin(), profiles[file].end());
    }

    // The words that commits used when they touched a file of this change.
    void add_profile(const PastCommit& commit, std::vector<std::map<Word, float>>& profiles) const {
        if (commit.files.size() > sweep_files) return;
        std::vector<Word> said;
        for (const std::string& path : commit.files) {
            const auto at = index_.find(path);
            if (at == index_.end()) continue;
            if (said.empty()) said = subject_words(commit.subject);
            for (const Word word : said)
                profiles[at->second][word] += 1;
        }
    }

    [[nodiscard]] std::vector<Word> subject_words(const std::string& subject) const {
        std::vector<std::string_view> found;
        std::vector<std::string> pieces;
        identifiers(subject, found);
        for (const std::string_view identifier : found)
            parts_of(identifier, pieces);
        std::vector<Word> out;
        for (const std::string& piece : pieces)
            if (const Word word = words_.find("." + piece); word != Vocabulary::none)
                out.push_back(word);
        return make_set(std::move(out));
    }

    void add_edits() {
        if (history_.edits.empty()) return;
        const std::vector<PastEdit> edits = parse_edits(history_.edits);
        add_sizes(edits);
        std::unordered_map<std::string_view, std::uint16_t> numbers;
        for (std::size_t c = 0; c < history_.commits.size(); ++c)
            numbers[history_.commits[c].id] = static_cast<std::uint16_t>(c);
        Concordance lines(words_.size());
        std::map<std::size_t, Trace> traces;
        for (const PastEdit& edit : edits) {
            const auto commit = numbers.find(edit.commit);
            const auto file = index_.find(edit.path);
            if (commit == numbers.end() || file == index_.end()) continue;
            add_lines(edit, commit->second, lines);
            Trace& trace =
                traces
                    .try_emplace(file->second, change_.files[file->second].old_side.content.count())
                    .first->second;
            touch(file->second, trace.step(edit.hunks), commit->second);
        }
        for (HunkFacts& hunk : facts_.hunks)
            hunk.echoes = lines.echoes(hunk.changed, history_.commits.size());
    }

    void add_lines(const PastEdit& edit, std::uint16_t commit, Concordance& into) const {
        if (edit.lines.size() > 400) return;
        std::vector<std::string_view> found;
        for (const std::string_view line : edit.lines)
            identifiers(line, found);
        for (const std::string_view identifier : found)
            if (const Word word = words_.find(identifier); word != Vocabulary::none)
                into.add(word, commit);
    }

    void touch(std::size_t file, const std::vector<std::uint32_t>& lines, std::uint16_t commit) {
        for (const std::uint32_t index : change_.files[file].hunks) {
            const Hunk& hunk = change_.hunks[index];
            HunkFacts& facts = facts_.hunks[index];
            if (reaches(hunk, lines, near_lines)) facts.near_past.push_back(commit);
            if (reaches(hunk, lines, around_lines)) facts.around_past.push_back(commit);
        }
    }

    // Whether one of `lines` (from 0, ascending) lies within so many lines of the hunk's old side.
    static bool reaches(const Hunk& hunk, const std::vector<std::uint32_t>& lines,
                        std::uint32_t margin) {
        const std::uint32_t start = hunk.old_start > margin ? hunk.old_start - margin : 0;
        const std::uint32_t end = hunk.old_start + hunk.old_lines + margin;
        const auto at = std::ranges::lower_bound(lines, start == 0 ? 0 : start - 1);
        return at != lines.end() && *at + 1 <= end;
    }

    const Change& change_;
    const History& history_;
    const Vocabulary& words_;
    Facts& facts_;
    std::unordered_map<std::string_view, std::size_t> index_;
};

} // namespace

void add_past(const Change& change, const History& history, const Vocabulary& words, Facts& facts) {
    Past(change, history, words, facts).add();
}

} // namespace stanch::commits
