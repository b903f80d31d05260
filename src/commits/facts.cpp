#include "commits/facts.h"

#include "commits/past.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace stanch::commits {
namespace {

constexpr std::uint32_t window_lines = 25;
constexpr std::uint32_t context_lines = 4;
constexpr std::uint32_t body_lines = 150;

// Counts on how many windows or hunks each word stands.
class Counter {
  public:
    void add(std::vector<Word> words) {
        for (const Word word : make_set(std::move(words))) {
            if (word >= counts_.size()) counts_.resize(word + 1);
            ++counts_[word];
        }
        ++total_;
    }
    [[nodiscard]] std::vector<float> rarity(std::size_t words) const {
        std::vector<float> out(words);
        for (Word word = 0; word < words; ++word) {
            const float count = word < counts_.size() ? static_cast<float>(counts_[word]) : 0.0F;
            out[word] = std::log(1.0F + static_cast<float>(total_) / std::max(count, 1.0F));
        }
        return out;
    }

  private:
    std::vector<std::uint32_t> counts_;
    std::uint32_t total_ = 0;
};

class Gatherer {
  public:
    explicit Gatherer(const Change& change) : change_(change) {
        facts_.files.resize(change.files.size());
        facts_.hunks.resize(change.hunks.size());
        facts_.bodies.resize(1);
    }

    Facts gather(const History& history) {
        for (std::size_t i = 0; i < change_.files.size(); ++i)
            add_file(i);
        add_past(change_, history, words_, facts_);
        facts_.rarity = hunk_counter_.rarity(words_.size());
        facts_.literal_rarity = literal_counter_.rarity(words_.size());
        facts_.background = window_counter_.rarity(words_.size());
        facts_.part_rarity = part_counter_.rarity(words_.size());
        return std::move(facts_);
    }

  private:
    struct SideScopes {
        Scopes old_side;
        Scopes new_side;
        std::vector<bool> old_prose;
        std::vector<bool> new_prose;
    };

    void add_file(std::size_t index) {
        const FileChange& file = change_.files[index];
        FileFacts& facts = facts_.files[index];
        facts.kind = kind_of(file.path);
        facts.language = language_of(file.path);
        facts.path_parts = part_set(file.path);
        const std::string stem = stem_of(file.path);
        facts.stem = words_.number(stem);
        facts.stem_parts = part_set(without_ending(file_name(file.path)));
        facts.module = words_.number(without_ending(file_name(file.path)));
        facts.directory = words_.number("/" + std::string(directory(file.path)));
        facts.top = words_.number("//" + file.path.substr(0, file.path.find('/')));
        facts.created = !file.old_side.exists();
        facts.deleted = !file.new_side.exists();
        const SideScopes scopes{find_scopes(file.old_side.content, facts.language),
                                find_scopes(file.new_side.content, facts.language),
                                prose_lines(file.old_side.content, facts.language),
                                prose_lines(file.new_side.content, facts.language)};
        bodies_.clear();
        facts.imports = imports_of(facts.deleted ? file.old_side.content : file.new_side.content,
                                   facts.language);
        facts.words = add_windows(facts.deleted ? file.old_side.content : file.new_side.content);
        for (const std::uint32_t hunk : file.hunks)
            add_hunk(hunk, facts, scopes);
    }

    WordSet imports_of(const Lines& lines, Language language) {
        if (language != Language::python) return {};
        return make_set(numbers(names_in(lines.text(), language).imported));
    }

    WordSet add_windows(const Lines& lines) {
        WordSet all;
        for (std::size_t first = 1; first <= lines.count(); first += window_lines) {
            std::vector<Word> words = numbers(lines.lines(first, window_lines));
            all.insert(all.end(), words.begin(), words.end());
            window_counter_.add(std::move(words));
        }
        return make_set(std::move(all));
    }

    std::vector<Word> numbers(std::string_view text) {
        found_.clear();
        identifiers(text, found_);
        std::vector<Word> out;
        out.reserve(found_.size());
        for (const std::string_view word : found_)
            out.push_back(words_.number(word));
        return out;
    }

    std::vector<Word> numbers(const std::vector<std::string_view>& list) {
        std::vector<Word> out;
        for (const std::string_view word : list)
            if (!is_everyday(word)) out.push_back(words_.number(word));
        return out;
    }

    WordSet part_set(std::string_view text) {
        found_.clear();
        identifiers(text, found_);
        return make_set(parts(found_));
    }

    std::vector<Word> parts(const std::vector<std::string_view>& identifiers) {
        std::vector<Word> out;
        for (const std::string_view identifier : identifiers) {
            const auto [at, fresh] = parts_cache_.try_emplace(std::string(identifier));
            if (fresh) {
                std::vector<std::string> pieces;
                parts_of(identifier, pieces);
                for (const std::string& piece : pieces)
                    at->second.push_back(words_.number("." + piece));
            }
            out.insert(out.end(), at->second.begin(), at->second.end());
        }
        return out;
    }

    void add_hunk(std::uint32_t index, const FileFacts& file, const SideScopes& scopes) {
        const Hunk& hunk = change_.hunks[index];
        HunkFacts& facts = facts_.hunks[index];
        const std::string_view removed = change_.removed(hunk);
        const std::string_view added = change_.added(hunk);
        add_words(facts, removed, added);
        add_names(facts, removed, added, file.language);
        add_place(facts, hunk, scopes);
        facts.only_blank = only_blanks_differ(removed, added);
        facts.only_comment = only_comments(removed) && only_comments(added);
        facts.only_imports = only_imports(removed) && only_imports(added);
        facts.only_prose = all_prose(scopes.old_prose, hunk.old_start, hunk.old_lines) &&
                           all_prose(scopes.new_prose, hunk.new_start, hunk.new_lines);
        add_look(facts, removed, added);
        const bool fragment = file.created && file.kind == FileKind::changelog;
        add_issues(facts,
                   std::string(removed) + "\n" + std::string(added) +
                       (fragment ? "\n#" + std::string(file_name(change_.file_of(index).path))
                                 : std::string()));
    }

    static bool all_prose(const std::vector<bool>& prose, std::uint32_t start,
                          std::uint32_t count) {
        for (std::uint32_t line = start; line < start + count; ++line)
            if (line == 0 || line > prose.size() || !prose[line - 1]) return false;
        return true;
    }

    void add_look(HunkFacts& facts, std::string_view removed, std::string_view added) {
        facts.look = compare_edit(removed, added);
        const WordSet before = named(literals(removed));
        const WordSet after = named(literals(added));
        std::ranges::set_symmetric_difference(before, after, std::back_inserter(facts.literals));
        literal_counter_.add(facts.literals);
    }

    void add_issues(HunkFacts& facts, const std::string& text) {
        facts.issues = named(issues(text));
    }

    WordSet named(const std::vector<std::string>& list) {
        std::vector<Word> out;
        out.reserve(list.size());
        for (const std::string& text : list)
            out.push_back(words_.number(text));
        return make_set(std::move(out));
    }

    void add_words(HunkFacts& facts, std::string_view removed, std::string_view added) {
        std::vector<Word> old_words = numbers(removed);
        std::vector<std::string_view> old_names = found_;
        std::vector<Word> new_words = numbers(added);
        std::vector<std::string_view> new_names = found_;
        std::vector<Word> all = old_words;
        all.insert(all.end(), new_words.begin(), new_words.end());
        const std::vector<Word> part_list = [&] {
            std::vector<std::string_view> names = old_names;
            names.insert(names.end(), new_names.begin(), new_names.end());
            return parts(names);
        }();
        hunk_counter_.add(all);
        part_counter_.add(part_list);
        facts.all = make_bag(all);
        std::vector<Word> copy = part_list;
        facts.parts = make_bag(copy);
        add_changed(facts, std::move(old_words), std::move(new_words), old_names, new_names);
    }

    // What stands on one side only, as multisets.
    void add_changed(HunkFacts& facts, std::vector<Word> old_words, std::vector<Word> new_words,
                     const std::vector<std::string_view>& old_names,
                     const std::vector<std::string_view>& new_names) {
        const std::vector<Word> old_order = old_words;
        const std::vector<Word> new_order = new_words;
        std::ranges::sort(old_words);
        std::ranges::sort(new_words);
        std::vector<Word> only_old;
        std::vector<Word> only_new;
        std::ranges::set_difference(old_words, new_words, std::back_inserter(only_old));
        std::ranges::set_difference(new_words, old_words, std::back_inserter(only_new));
        facts.removed = make_set(only_old);
        facts.added = make_set(only_new);
        facts.edit = edit_hash(facts);
        facts.renames = renames_of(old_order, new_order);
        std::vector<std::string_view> names;
        for (std::size_t i = 0; i < old_order.size(); ++i)
            if (contains(facts.removed, old_order[i])) names.push_back(old_names[i]);
        for (std::size_t i = 0; i < new_order.size(); ++i)
            if (contains(facts.added, new_order[i])) names.push_back(new_names[i]);
        only_old.insert(only_old.end(), only_new.begin(), only_new.end());
        facts.changed = make_bag(only_old);
        std::vector<Word> changed_parts = parts(names);
        facts.changed_parts = make_bag(changed_parts);
    }

    // Words that took each other's places, where both sides have as many.
    static WordSet renames_of(const std::vector<Word>& old_words,
                              const std::vector<Word>& new_words) {
        WordSet out;
        if (old_words.size() != new_words.size()) return out;
        for (std::size_t i = 0; i < old_words.size(); ++i)
            if (old_words[i] != new_words[i])
                out.push_back(old_words[i] * 2654435761U ^ new_words[i]);
        return make_set(std::move(out));
    }

    static std::uint64_t edit_hash(const HunkFacts& facts) {
        if (facts.removed.empty()) return 0;
        std::uint64_t hash = 1469598103934665603ULL;
        const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211ULL; };
        for (const Word word : facts.removed)
            mix(word);
        mix(UINT64_MAX);
        for (const Word word : facts.added)
            mix(word);
        return hash;
    }

    void add_names(HunkFacts& facts, std::string_view removed, std::string_view added,
                   Language language) {
        const Names old_names = names_in(removed, language);
        const Names new_names = names_in(added, language);
        const WordSet old_defined = make_set(numbers(old_names.defined));
        facts.defined = make_set(numbers(new_names.defined));
        std::ranges::set_difference(old_defined, facts.defined,
                                    std::back_inserter(facts.undefined));
        std::vector<Word> imported = numbers(new_names.imported);
        const std::vector<Word> unimported = numbers(old_names.imported);
        imported.insert(imported.end(), unimported.begin(), unimported.end());
        facts.imported = make_set(std::move(imported));
        facts.used = others(numbers(added), facts.defined, facts.imported);
        facts.lost = others(numbers(removed), old_defined, facts.imported);
    }

    static WordSet others(std::vector<Word> words, const WordSet& a, const WordSet& b) {
        std::erase_if(words, [&](Word word) { return contains(a, word) || contains(b, word); });
        return make_set(std::move(words));
    }

    void add_place(HunkFacts& facts, const Hunk& hunk, const SideScopes& scopes) {
        const FileChange& file = change_.files[hunk.file];
        const bool is_new = hunk.new_lines > 0;
        const Lines& lines = is_new ? file.new_side.content : file.old_side.content;
        const Scopes& side = is_new ? scopes.new_side : scopes.old_side;
        const std::uint32_t start = is_new ? hunk.new_start : hunk.old_start;
        const std::uint32_t count = is_new ? hunk.new_lines : hunk.old_lines;
        std::vector<Word> around;
        if (!facts_.files[hunk.file].created) {
            const std::uint32_t first = start > context_lines ? start - context_lines : 1;
            around = numbers(lines.lines(first, start - first));
            const std::vector<Word> after = numbers(lines.lines(start + count, context_lines));
            around.insert(around.end(), after.begin(), after.end());
        }
        if (start >= 1 && start <= side.of_line.size()) {
            std::int32_t at = side.of_line[start - 1];
            // A definition that begins in the hunk does not hold it.
            while (at >= 0 && side.all[static_cast<std::size_t>(at)].first_line >= start &&
                   count > 0)
                at = side.all[static_cast<std::size_t>(at)].parent;
            add_scope(facts, side, at, around);
            facts.body = body_of(lines, side, at, is_new);
        }
        facts.context = make_bag(around);
    }

    // The words of the whole definition, worked out once.
    std::uint32_t body_of(const Lines& lines, const Scopes& scopes, std::int32_t at, bool is_new) {
        if (at < 0) return 0;
        const auto [body, fresh] =
            bodies_.try_emplace({at, is_new}, static_cast<std::uint32_t>(facts_.bodies.size()));
        if (!fresh) return body->second;
        const std::uint32_t first = scopes.all[static_cast<std::size_t>(at)].first_line;
        std::uint32_t count = 0;
        while (count < body_lines && first + count <= scopes.of_line.size() &&
               stands_in(scopes, scopes.of_line[first + count - 1], at))
            ++count;
        std::vector<Word> words = numbers(lines.lines(first, std::max(1U, count)));
        facts_.bodies.push_back(make_bag(words));
        return body->second;
    }

    static bool stands_in(const Scopes& scopes, std::int32_t inner, std::int32_t outer) {
        while (inner >= 0 && inner != outer)
            inner = scopes.all[static_cast<std::size_t>(inner)].parent;
        return inner == outer;
    }

    void add_scope(HunkFacts& facts, const Scopes& scopes, std::int32_t at,
                   std::vector<Word>& around) {
        std::vector<std::string_view> names;
        std::string chain;
        for (std::int32_t i = at; i >= 0; i = scopes.all[static_cast<std::size_t>(i)].parent) {
            names.push_back(scopes.all[static_cast<std::size_t>(i)].name);
            chain += std::string(names.back()) + "\x01";
        }
        if (names.empty()) return;
        facts.scope = static_cast<std::int32_t>(words_.number("\x01" + chain));
        facts.function = words_.number(names.front());
        facts.holder = words_.number(names.back());
        const std::vector<Word> scope_words = numbers(names);
        around.insert(around.end(), scope_words.begin(), scope_words.end());
        std::vector<std::string_view> pieces;
        for (const std::string_view name : names)
            identifiers(name, pieces);
        std::vector<Word> scope_parts = parts(pieces);
        facts.scope_parts = make_set(scope_parts);
        facts.scope_bag = make_bag(scope_parts);
    }

    const Change& change_;
    Facts facts_;
    Vocabulary words_;
    Counter hunk_counter_;
    Counter window_counter_;
    Counter part_counter_;
    Counter literal_counter_;
    std::map<std::pair<std::int32_t, bool>, std::uint32_t> bodies_; // of the file at hand
    std::vector<std::string_view> found_;
    std::unordered_map<std::string, std::vector<Word>> parts_cache_;
};

} // namespace

Facts gather_facts(const Change& change, const History& history) {
    return Gatherer(change).gather(history);
}

} // namespace stanch::commits
