#include "commits/untangle.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace stanch::commits {
namespace {

using Key = std::tuple<std::string, std::uint64_t>;

enum class Level { definition, file, directory, top };

Key key_of(const Change& change, const Facts& facts, std::size_t hunk, Level level) {
    const std::string& path = change.file_of(hunk).path;
    switch (level) {
    case Level::definition:
        return {path, facts.hunks[hunk].holder};
    case Level::file:
        return {path, 0};
    case Level::directory:
        return {path.substr(0, path.rfind('/') + 1), 0};
    case Level::top:
        break;
    }
    return {path.substr(0, path.find('/') + 1), 0};
}

std::size_t number_units(const Change& change, const Facts& facts, Level level,
                         std::vector<std::uint32_t>& unit) {
    std::map<Key, std::uint32_t> numbers;
    unit.clear();
    for (std::size_t i = 0; i < change.hunks.size(); ++i) {
        const auto next = static_cast<std::uint32_t>(numbers.size());
        unit.push_back(numbers.try_emplace(key_of(change, facts, i, level), next).first->second);
    }
    return numbers.size();
}

void join(Bag& into, const Bag& from) {
    Bag out;
    auto a = into.begin();
    auto b = from.begin();
    while (a != into.end() || b != from.end()) {
        if (b == from.end() || (a != into.end() && a->first < b->first))
            out.push_back(*a++);
        else if (a == into.end() || b->first < a->first)
            out.push_back(*b++);
        else {
            out.emplace_back(a->first, std::max(a->second, b->second));
            ++a;
            ++b;
        }
    }
    into = std::move(out);
}

void join(WordSet& into, const WordSet& from) {
    into.insert(into.end(), from.begin(), from.end());
    into = make_set(std::move(into));
}

void join(std::vector<std::uint16_t>& into, const std::vector<std::uint16_t>& from) {
    into.insert(into.end(), from.begin(), from.end());
    std::ranges::sort(into);
    into.erase(std::unique(into.begin(), into.end()), into.end());
}

void join(HunkFacts& into, const HunkFacts& from) {
    for (Bag HunkFacts::* bag :
         {&HunkFacts::all, &HunkFacts::changed, &HunkFacts::parts, &HunkFacts::changed_parts,
          &HunkFacts::context, &HunkFacts::scope_bag})
        join(into.*bag, from.*bag);
    for (WordSet HunkFacts::* set :
         {&HunkFacts::added, &HunkFacts::removed, &HunkFacts::defined, &HunkFacts::undefined,
          &HunkFacts::imported, &HunkFacts::used, &HunkFacts::lost, &HunkFacts::scope_parts,
          &HunkFacts::literals, &HunkFacts::issues})
        join(into.*set, from.*set);
    for (Bag HunkFacts::* bag : {&HunkFacts::topics, &HunkFacts::echoes})
        join(into.*bag, from.*bag);
    join(into.near_past, from.near_past);
    join(into.around_past, from.around_past);
    if (into.edit != from.edit) into.edit = 0;
    into.only_blank = into.only_blank && from.only_blank;
    into.only_comment = into.only_comment && from.only_comment;
    into.only_imports = into.only_imports && from.only_imports;
    into.only_prose = into.only_prose && from.only_prose;
    join(into.look.exact, from.look.exact);
    join(into.look.shape, from.look.shape);
    into.look.cosmetic = into.look.cosmetic && from.look.cosmetic;
}

void join(Hunk& into, const Hunk& from) {
    into.old_lines += from.old_lines;
    into.new_lines += from.new_lines;
}

FileChange without_content(const FileChange& file) {
    FileChange out;
    out.path = file.path;
    return out;
}

} // namespace

Coarse coarsen(const Change& change, const Facts& facts, std::size_t most) {
    Coarse out;
    for (const Level level : {Level::definition, Level::file, Level::directory, Level::top})
        if (number_units(change, facts, level, out.unit) <= most) break;
    for (std::uint32_t& unit : out.unit)
        unit = std::min(unit, static_cast<std::uint32_t>(most - 1));
    for (const FileChange& file : change.files)
        out.change.files.push_back(without_content(file));
    out.facts.files = facts.files;
    out.facts.rarity = facts.rarity;
    out.facts.background = facts.background;
    out.facts.part_rarity = facts.part_rarity;
    out.facts.literal_rarity = facts.literal_rarity;
    out.facts.bodies = facts.bodies;
    out.facts.larger_share = facts.larger_share;
    out.facts.best_cover = facts.best_cover;
    out.facts.code_larger = facts.code_larger;
    out.facts.hunks_larger = facts.hunks_larger;
    out.facts.lines_larger = facts.lines_larger;
    out.facts.repeated = facts.repeated;
    out.facts.squashed = facts.squashed;
    out.facts.files_usual = facts.files_usual;
    out.facts.kind_given = facts.kind_given;
    for (std::size_t i = 0; i < out.unit.size(); ++i) {
        if (out.unit[i] < out.change.hunks.size()) {
            join(out.change.hunks[out.unit[i]], change.hunks[i]);
            join(out.facts.hunks[out.unit[i]], facts.hunks[i]);
            continue;
        }
        out.change.files[change.hunks[i].file].hunks.push_back(out.unit[i]);
        out.change.hunks.push_back(change.hunks[i]);
        out.facts.hunks.push_back(facts.hunks[i]);
    }
    return out;
}

} // namespace stanch::commits
