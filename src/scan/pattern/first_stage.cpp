#include "scan/pattern/first_stage.h"

#include "scan/decode/alphabet.h"
#include "scan/pattern/text_set.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace stanch::scan {
namespace {

constexpr std::size_t most_branches = 64;
constexpr std::size_t most_runs = 6;
constexpr std::size_t longest_run = 32; // more of a run makes nothing rarer
constexpr double rare_byte = 4;         // a byte that most lines do not have
constexpr double telling_bits = 1.5;    // a run that is worth a look

using Parts = std::vector<Tree>;

void flatten(const Tree& tree, Parts& out) {
    if (tree.kind == Tree::Kind::empty) return;
    const bool once = tree.kind == Tree::Kind::repeat && tree.least == 1 && tree.most == 1;
    const bool alone = tree.kind == Tree::Kind::choice && tree.parts.size() == 1;
    if (tree.kind == Tree::Kind::sequence || once || alone)
        for (const Tree& part : tree.parts)
            flatten(part, out);
    else
        out.push_back(tree);
}

bool assertion(const Tree& tree) {
    return tree.kind == Tree::Kind::edge || tree.kind == Tree::Kind::inside ||
           tree.kind == Tree::Kind::start;
}

// Literals and where they stand among the parts: [first, last), or somewhere inside of the one part
// `first`.
struct Choice {
    TextSet texts;
    std::size_t first = 0;
    std::size_t last = 0;
    bool inside = false;
    double bits = -1e9;
};

void consider(Choice& best, TextSet texts, std::size_t first, std::size_t last, bool inside) {
    // What is behind a literal inside of a part can't be told as well.
    const double bits = rarity(texts) - (inside ? 3 : 0);
    if (bits <= best.bits) return;
    best = {std::move(texts), first, last, inside, bits};
}

Choice choose(const Parts& parts);

// Literals inside of a part that is not a text itself: of each branch of a choice the best, of a
// repetition's body.
std::optional<TextSet> texts_within(const Tree& part) {
    if (part.kind == Tree::Kind::repeat && part.least > 0) {
        Choice chosen = choose(flattened(part.parts[0]));
        return chosen.texts.empty() ? std::nullopt : std::optional(std::move(chosen.texts));
    }
    if (part.kind != Tree::Kind::choice) return std::nullopt;
    TextSet all;
    for (const Tree& branch : part.parts) {
        Choice chosen = choose(flattened(branch));
        if (chosen.texts.empty() || all.size() + chosen.texts.size() > most_texts)
            return std::nullopt;
        std::ranges::move(chosen.texts, std::back_inserter(all));
    }
    return all;
}

bool has_empty(const TextSet& texts) {
    return std::ranges::any_of(texts, [](const Text& text) { return text.bytes.empty(); });
}

// Of every range of parts that is a text, the rarest.
Choice choose(const Parts& parts) {
    Choice best;
    for (std::size_t first = 0; first < parts.size(); ++first) {
        if (assertion(parts[first])) continue;
        TextSet texts(1);
        for (std::size_t last = first; last < parts.size(); ++last) {
            const auto more = texts_of(parts[last]);
            auto longer = more ? joined(texts, *more) : std::nullopt;
            if (!longer) break;
            texts = *std::move(longer);
            if (!has_empty(texts)) consider(best, texts, first, last + 1, false);
        }
        if (auto within = texts_within(parts[first]); within && !has_empty(*within))
            consider(best, *std::move(within), first, first + 1, true);
    }
    return best;
}

// The run of bytes that a part needs; count 0: none that could be told. `latest` is within the
// part: of a choice, what each branch needs, and how far from its begin at most.
Run run_of(const Tree& part);

Run run_of_branch(const Tree& branch) {
    Run best;
    std::size_t before = 0;
    for (const Tree& part : flattened(branch)) {
        Run run = run_of(part);
        run.latest = before;
        if (run.count != 0 &&
            (best.count == 0 || rarity(run.set, run.count) > rarity(best.set, best.count)))
            best = run;
        const std::size_t most = width_of(part).most;
        before = most > widest_probe ? widest_probe : before + most;
    }
    return best;
}

Run run_of_choice(const Tree& part) {
    Run all;
    all.count = longest_run;
    for (const Tree& branch : part.parts) {
        const Run run = run_of_branch(branch);
        if (run.count == 0) return {};
        all.set |= run.set;
        all.count = std::min(all.count, run.count);
        all.latest = std::max(all.latest, run.latest);
    }
    return all;
}

Run run_of(const Tree& part) {
    if (part.kind == Tree::Kind::bytes) return {part.set, 1, 0, {}};
    if (part.kind == Tree::Kind::choice) return run_of_choice(part);
    if (part.kind != Tree::Kind::repeat || part.least == 0) return {};
    if (part.parts[0].kind == Tree::Kind::bytes)
        return {part.parts[0].set, std::min(part.least, longest_run), 0, {}};
    return run_of_branch(part.parts[0]);
}

// All bytes that can stand in a text of the tree.
ByteSet bytes_of(const Tree& tree) {
    ByteSet all = tree.set;
    for (const Tree& part : tree.parts)
        all |= bytes_of(part);
    return all;
}

// How many starts of a run there are to try, where what stands between is likely to end the search.
double within(const Run& run) {
    const bool spaces = run.between[' '];
    return std::min<double>(static_cast<double>(run.latest) + 1, spaces ? 256 : 12);
}

std::vector<Run> runs_behind(const Parts& parts, const Choice& choice, std::size_t budget) {
    std::vector<Run> runs;
    ByteSet between = choice.inside ? bytes_of(parts[choice.first]) : ByteSet();
    std::size_t latest = choice.inside ? width_of(parts[choice.first]).most : 0;
    for (std::size_t i = choice.last;
         i < parts.size() && latest <= budget && runs.size() < most_runs; ++i) {
        Run run = run_of(parts[i]);
        run.latest += latest;
        between |= bytes_of(parts[i]);
        run.between = between;
        const double bits = run.count == 0 ? 0 : rarity(run.set, run.count);
        const bool next =
            runs.empty() ? latest == 0 : runs.back().latest + runs.back().count == latest;
        const bool telling =
            bits >= rare_byte || bits - std::log2(within(run)) >= telling_bits || next;
        if (run.count != 0 && run.latest + run.count <= budget && telling) runs.push_back(run);
        const std::size_t most = width_of(parts[i]).most;
        latest = most > widest_probe ? unbounded : latest + most;
    }
    return runs;
}

bool in_alphabet(char c) {
    return base64_value(c) >= 0;
}
bool alphanumeric(char c) {
    return in_alphabet(c) && c != '+' && c != '/' && c != '-' && c != '_';
}

// Whether a tree is nothing but characters of a kind.
bool all_of(const Tree& tree, bool (*kind)(char)) {
    if (tree.kind == Tree::Kind::bytes) {
        for (std::size_t c = 0; c < 256; ++c)
            if (tree.set[c] && !kind(static_cast<char>(c))) return false;
        return true;
    }
    return std::ranges::all_of(tree.parts, [&](const Tree& part) { return all_of(part, kind); });
}

// How many characters of a kind stand in a row from part `i` on, at least.
std::size_t run_from(const Parts& parts, std::size_t i, bool (*kind)(char)) {
    std::size_t least = 0;
    for (; i < parts.size() && all_of(parts[i], kind); ++i)
        least += width_of(parts[i]).least;
    return least;
}

// How far behind the literal a run of a kind begins, at most; nullopt: far, or there is none.
std::optional<std::size_t> run_near(const Parts& parts, const Choice& choice, bool (*kind)(char),
                                    std::size_t length) {
    std::size_t latest = choice.inside ? width_of(parts[choice.first]).most : 0;
    for (std::size_t i = choice.last; i < parts.size() && latest <= near_by; ++i) {
        if (run_from(parts, i, kind) >= length) return latest;
        const std::size_t most = width_of(parts[i]).most;
        latest = most > near_by ? unbounded : latest + most;
    }
    return std::nullopt;
}

std::size_t run_at_end(std::string_view text) {
    const auto last =
        std::find_if_not(text.rbegin(), text.rend(), [](char c) { return in_alphabet(c); });
    return static_cast<std::size_t>(last - text.rbegin());
}

ByteSet all_of_kind(bool (*kind)(char)) {
    ByteSet set;
    for (std::size_t c = 0; c < 256; ++c)
        set[c] = kind(static_cast<char>(c));
    return set;
}

// Whether what is probed for stays narrow enough with a span that ends so far behind the literal.
bool has_room(const Anchor& anchor, std::size_t behind) {
    return anchor.text.size() + anchor.before.latest + anchor.before.count + behind <= widest_probe;
}

void set_place(Anchor& anchor, const Parts& parts, const Choice& choice) {
    const std::size_t size = anchor.text.size();
    const std::size_t own = choice.inside ? 0 : std::min(long_run, run_at_end(anchor.text));
    const std::size_t needed = long_run - own;
    if (!choice.inside && size >= 3 && size <= 16 &&
        run_from(parts, choice.last, in_alphabet) >= needed && has_room(anchor, needed)) {
        anchor.place = Anchor::Place::in_run;
        anchor.span = {all_of_kind(in_alphabet), needed, 0, ByteSet().set()};
        return;
    }
    if (size > longest_near_word || !has_room(anchor, near_by + longer_run)) return;
    if (const auto latest = run_near(parts, choice, alphanumeric, long_run)) {
        anchor.place = Anchor::Place::before_word;
        anchor.span = {all_of_kind(alphanumeric), long_run, *latest, ByteSet().set()};
    } else if (const auto far = run_near(parts, choice, in_alphabet, longer_run)) {
        anchor.place = Anchor::Place::before_run;
        anchor.span = {all_of_kind(in_alphabet), longer_run, *far, ByteSet().set()};
    }
}

bool word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Whether nothing but a text's (or a line's) start and a byte that no word has can match: \b,
// [^\w-], (?:^|[^\w-]).
bool ends_word(const Tree& tree) {
    switch (tree.kind) {
    case Tree::Kind::edge:
    case Tree::Kind::start:
        return true;
    case Tree::Kind::bytes:
        for (std::size_t c = 0; c < 256; ++c)
            if (tree.set[c] && word(static_cast<char>(c))) return false;
        return true;
    case Tree::Kind::sequence:
        return tree.parts.size() == 1 && ends_word(tree.parts[0]);
    case Tree::Kind::choice:
        return std::ranges::all_of(tree.parts, ends_word);
    default:
        return false;
    }
}

std::size_t longest(const TextSet& texts) {
    std::size_t size = 0;
    for (const Text& text : texts)
        size = std::max(size, text.bytes.size());
    return size;
}

std::size_t shortest(const TextSet& texts) {
    std::size_t size = texts.empty() ? 0 : unbounded;
    for (const Text& text : texts)
        size = std::min(size, text.bytes.size());
    return size;
}

std::size_t total_most(const Parts& parts, std::size_t end) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < end; ++i) {
        const std::size_t most = width_of(parts[i]).most;
        if (most > longest_match) return longest_match;
        sum += most;
    }
    return std::min(sum, longest_match);
}

// The most telling run before the literal: right before it, or a rare byte not far off.
Run run_before(const Parts& parts, const Choice& choice) {
    ByteSet between = choice.inside ? bytes_of(parts[choice.first]) : ByteSet();
    std::size_t latest = choice.inside ? width_of(parts[choice.first]).most : 0;
    for (std::size_t i = choice.first; i-- > 0 && latest <= near_by;) {
        const bool plain = parts[i].kind != Tree::Kind::choice;
        Run run = plain ? run_of(parts[i]) : Run{};
        run.latest += latest;
        between |= bytes_of(parts[i]);
        run.between = between;
        const bool next = latest == 0 && plain;
        if (run.count != 0 && run.latest <= near_by &&
            (next || rarity(run.set, run.count) >= rare_byte))
            return run;
        const std::size_t most = width_of(parts[i]).most;
        latest = most > widest_probe ? unbounded : latest + most;
    }
    return {};
}

constexpr double frequent = 30; // bits; a literal below is found in ordinary text
constexpr std::size_t most_look_back = 48;

// Of an expression's literals, the frequent ones are told from the rest by what stands around them.
void add_readings(const Parts& parts, const Choice& choice, std::size_t lead,
                  std::span<Anchor> anchors) {
    const auto often = [](const Anchor& anchor) {
        return anchor.place == Anchor::Place::anywhere &&
               rarity(TextSet{{anchor.text, anchor.any_case}}) < frequent;
    };
    if (std::ranges::none_of(anchors, often)) return;
    TextSet texts;
    for (const Anchor& anchor : anchors)
        texts.push_back({anchor.text, anchor.any_case});
    const auto read = [&](Direction direction) {
        return automaton_of(parts, choice.first, choice.last, texts, direction);
    };
    const Started forward = read(Direction::forward);
    const Started backward = read(Direction::backward);
    const auto on = std::make_shared<const Automaton>(forward.automaton);
    const auto back = std::make_shared<const Automaton>(backward.automaton);
    for (std::size_t i = 0; i < anchors.size(); ++i) {
        if (!often(anchors[i])) continue;
        anchors[i].forward = {on, forward.starts[i]};
        anchors[i].backward = {back, backward.starts[i]};
        anchors[i].look_back = std::min(lead, most_look_back);
        anchors[i].before = {};
        anchors[i].behind.clear();
    }
}

void add_literals(const Parts& parts, const Choice& choice, FirstStage& stage) {
    Anchor anchor;
    anchor.before = run_before(parts, choice);
    anchor.edge = !choice.inside && choice.first > 0 && ends_word(parts[choice.first - 1]);
    const std::size_t literal = longest(choice.texts);
    const std::size_t used = literal + anchor.before.count + anchor.before.latest;
    anchor.behind = runs_behind(parts, choice, used < widest_probe ? widest_probe - used : 0);
    const Run last = anchor.behind.empty() ? Run{} : anchor.behind.back();
    const std::size_t lead = total_most(parts, choice.inside ? choice.last : choice.first);
    stage.lead = std::max(stage.lead, lead);
    stage.back =
        std::max(stage.back, std::min(longest_match, lead + literal + last.latest + last.count));
    const std::size_t before = stage.anchors.size();
    for (const Text& text : choice.texts) {
        Anchor one = anchor;
        one.text = text.bytes;
        one.any_case = text.any_case;
        one.edge = anchor.edge && word(text.bytes.front());
        set_place(one, parts, choice);
        stage.back = std::max(stage.back, lead + literal + one.span.latest + one.span.count);
        stage.literal = std::min(stage.literal, text.bytes.size());
        stage.anchors.push_back(std::move(one));
    }
    add_readings(parts, choice, lead, std::span(stage.anchors).subspan(before));
    stage.back = std::max(stage.back, std::min(longest_match, lead + widest_probe));
}

void add_branch(const Tree& branch, FirstStage& stage) {
    const Parts parts = flattened(branch);
    const Choice choice = choose(parts);
    const bool fits =
        shortest(choice.texts) >= shortest_literal && longest(choice.texts) <= widest_probe;
    if (fits) return add_literals(parts, choice, stage);
    Anchor anchor;
    anchor.text = best_pattern(parts);
    anchor.expression = true;
    stage.anchors.push_back(std::move(anchor));
    stage.literal = 0;
    stage.back = longest_match;
    stage.lead = longest_match;
}

} // namespace

Parts flattened(const Tree& tree) {
    Parts parts;
    flatten(tree, parts);
    return parts;
}

FirstStage derive_first_stage(const Tree& tree) {
    FirstStage stage;
    stage.literal = unbounded;
    stage.reach = std::min(longest_match, width_of(tree).most);
    const Parts parts = flattened(tree);
    const bool choice = parts.size() == 1 && parts[0].kind == Tree::Kind::choice &&
                        parts[0].parts.size() <= most_branches;
    if (choice)
        for (const Tree& branch : parts[0].parts)
            add_branch(branch, stage);
    else
        add_branch(tree, stage);
    stage.back = std::min(stage.back, stage.reach);
    return stage;
}

} // namespace stanch::scan
