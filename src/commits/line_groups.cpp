#include "commits/line_groups.h"

#include <algorithm>
#include <set>

namespace stanch::commits {
namespace {

// In log-odds.
constexpr float clearly = 1.0F;

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r\n\f") == std::string_view::npos;
}

std::size_t indent(std::string_view line) {
    const std::size_t at = line.find_first_not_of(" \t");
    return at == std::string_view::npos ? line.size() : at;
}

std::string_view trimmed(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t\r\n\f");
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\r\n\f") + 1 - first);
}

bool begins_with_any(std::string_view line, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words,
                               [&](std::string_view word) { return line.starts_with(word); });
}

bool is_import(std::string_view line) {
    return begins_with_any(trimmed(line), {"import ", "from ", "#include", "use ", "require "});
}

bool begins_block(std::string_view line) {
    return begins_with_any(trimmed(line), {"def ", "async def ", "class ", "@", "- ", "* ", "func ",
                                           "function ", "## ", "### "});
}

// A comment or a decorator belongs to what follows.
bool leads_on(std::string_view line) {
    return begins_with_any(trimmed(line), {"@", "#", "//"}) &&
           !trimmed(line).starts_with("#include");
}

// How deep in brackets a text leaves its reader; strings are not looked into.
int depth_of(std::string_view text) {
    int depth = 0;
    for (const char c : text)
        depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    return depth;
}

// Lines of one side of a hunk: the offsets (from 1) before which it may be cut.
std::vector<std::uint32_t> cuts(const Lines& lines, std::uint32_t start, std::uint32_t count) {
    std::size_t least = SIZE_MAX;
    for (std::uint32_t i = 0; i < count; ++i)
        if (const std::string_view line = lines.line(start + i); !is_blank(line))
            least = std::min(least, indent(line));
    std::vector<std::uint32_t> out;
    int depth = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::string_view line = lines.line(start + i);
        if (i > 0 && depth == 0 && !is_blank(line) && indent(line) == least) {
            const std::string_view before = lines.line(start + i - 1);
            const bool imports = is_import(line) || is_import(before);
            if (is_blank(before) || imports || (begins_block(line) && !leads_on(before)))
                out.push_back(i);
        }
        depth = std::max(0, depth + depth_of(line));
    }
    return out;
}

// Two lines of which one took the other's place: most of their words are the same.
bool alike(std::string_view a, std::string_view b) {
    std::vector<std::string_view> x;
    std::vector<std::string_view> y;
    identifiers(a, x);
    identifiers(b, y);
    if (x.empty() || y.empty() || indent(a) != indent(b)) return false;
    const std::set<std::string_view> words(x.begin(), x.end());
    const auto met =
        std::ranges::count_if(y, [&](std::string_view w) { return words.contains(w); });
    return 2 * static_cast<std::size_t>(met) >= std::max(x.size(), y.size());
}

Hunk piece_of(const Hunk& hunk, std::uint32_t first, std::uint32_t last) {
    Hunk piece = hunk;
    const std::uint32_t count = last - first;
    if (hunk.old_lines > 0) {
        piece.old_start = hunk.old_start + first;
        piece.old_lines = count;
    }
    if (hunk.new_lines > 0) {
        piece.new_start = hunk.new_start + first;
        piece.new_lines = count;
    }
    return piece;
}

std::vector<std::uint32_t> replaced_cuts(const Change& change, const Hunk& hunk) {
    const FileChange& file = change.files[hunk.file];
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = 0; i < hunk.old_lines; ++i) {
        if (!alike(file.old_side.content.line(hunk.old_start + i),
                   file.new_side.content.line(hunk.new_start + i)))
            return {};
        if (i > 0) out.push_back(i);
    }
    return out;
}

std::vector<std::uint32_t> cuts_of(const Change& change, const Hunk& hunk) {
    const FileChange& file = change.files[hunk.file];
    if (hunk.old_lines == 0) return cuts(file.new_side.content, hunk.new_start, hunk.new_lines);
    if (hunk.new_lines == 0) return cuts(file.old_side.content, hunk.old_start, hunk.old_lines);
    if (hunk.old_lines == hunk.new_lines) return replaced_cuts(change, hunk);
    return {};
}

// To which of the parts of whole hunks each piece belongs.
class Homes {
  public:
    Homes(const CutChange& all, const Facts& facts, const Partition& parts)
        : all_(all), parts_(parts), weights_(weigh_hunks(all.change, facts)) {}

    std::vector<std::uint32_t> find() {
        std::vector<std::uint32_t> home;
        for (std::uint32_t piece = 0; piece < all_.from.size(); ++piece)
            home.push_back(home_of(piece));
        return home;
    }

  private:
    // A piece leaves its hunk's part only for one that is clearly nearer.
    [[nodiscard]] std::uint32_t home_of(std::uint32_t piece) const {
        std::vector<float> sum(parts_.groups);
        std::vector<float> count(parts_.groups);
        for (std::uint32_t other = 0; other < all_.from.size(); ++other) {
            if (all_.from[other] == all_.from[piece]) continue;
            sum[parts_.group[all_.from[other]]] += weights_.at(piece, other);
            ++count[parts_.group[all_.from[other]]];
        }
        const std::uint32_t own = parts_.group[all_.from[piece]];
        std::uint32_t best = own;
        float nearest = count[own] > 0 ? sum[own] / count[own] + clearly : 0;
        for (std::uint32_t group = 0; group < parts_.groups; ++group)
            if (group != own && count[group] > 0 && sum[group] / count[group] > nearest) {
                nearest = sum[group] / count[group];
                best = group;
            }
        return best;
    }

    const CutChange& all_;
    const Partition& parts_;
    Similarity weights_;
};

} // namespace

std::vector<Hunk> line_groups(const Change& change, const Hunk& hunk) {
    if (hunk.whole_file() || change.files[hunk.file].submodule) return {hunk};
    std::vector<Hunk> pieces;
    std::uint32_t first = 0;
    for (const std::uint32_t cut : cuts_of(change, hunk)) {
        pieces.push_back(piece_of(hunk, first, cut));
        first = cut;
    }
    pieces.push_back(piece_of(hunk, first, std::max(hunk.old_lines, hunk.new_lines)));
    if (pieces.size() == 1) return {hunk};
    return pieces;
}

CutChange cut_hunks(const Change& change, const std::vector<bool>& which) {
    CutChange out;
    out.change = change;
    out.change.hunks.clear();
    for (FileChange& file : out.change.files) {
        std::vector<std::uint32_t> hunks;
        for (const std::uint32_t index : file.hunks) {
            const Hunk& hunk = change.hunks[index];
            for (const Hunk& piece :
                 which[index] ? line_groups(change, hunk) : std::vector<Hunk>{hunk}) {
                hunks.push_back(static_cast<std::uint32_t>(out.change.hunks.size()));
                out.change.hunks.push_back(piece);
                out.from.push_back(index);
            }
        }
        file.hunks = std::move(hunks);
    }
    return out;
}

Separated untangle_lines(const Change& change, const History& history) {
    Separated out;
    out.change = change;
    out.facts = gather_facts(change, history);
    out.partition = untangle(change, out.facts);
    const CutChange all = cut_hunks(change, std::vector<bool>(change.hunks.size(), true));
    const bool worth_it = out.partition.groups > 1 && all.from.size() > change.hunks.size() &&
                          all.from.size() <= most_units;
    if (!worth_it) return out;
    const std::vector<std::uint32_t> home =
        Homes(all, gather_facts(all.change, history), out.partition).find();
    std::vector<std::set<std::uint32_t>> groups(change.hunks.size());
    for (std::size_t i = 0; i < home.size(); ++i)
        groups[all.from[i]].insert(home[i]);
    std::vector<bool> which;
    for (const auto& found : groups)
        which.push_back(found.size() > 1);
    CutChange cut = cut_hunks(change, which);
    std::vector<std::uint32_t> group;
    // Pieces of the cut hunks, and of the whole ones the first, in the same order on both sides.
    std::size_t at = 0;
    for (const std::uint32_t from : cut.from) {
        group.push_back(which[from] ? home[at] : out.partition.group[from]);
        do
            ++at;
        while (!which[from] && at < all.from.size() && all.from[at] == from);
    }
    out.partition.group = std::move(group);
    out.facts = gather_facts(cut.change, history);
    out.change = std::move(cut.change);
    return out;
}

} // namespace stanch::commits
