#include "commits/untangle.h"

#include "commits/model.h"
#include "commits/stack.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace stanch::commits {
namespace {

// What is larger than anything the model was trained on is split, and its parts are looked at
// again.
constexpr std::size_t large = 64;
// What "one group" is worth beyond what the judge says, in accuracy or adjusted Rand index
// (docs/atomic.md says what each value does).
float whole_bonus(Leaning leaning) {
    return leaning == Leaning::apart ? -0.12F : 0.1F;
}
constexpr float near_call = 0.03F;

struct Choice {
    std::vector<std::uint32_t> group;
    std::size_t groups = 1;
    bool ambiguous = false;
};

Choice choose(const Change& change, const Facts& facts, Leaning leaning) {
    const Board board = make_board(change, facts);
    const Similarity second = weigh_stack(board, weigh_pairs(board));
    const std::vector<Merge> merges = average_linkage(second);
    std::vector<float> worth = judge_partitions(board, second, merges);
    worth[0] += whole_bonus(leaning);
    const auto best = std::ranges::max_element(worth);
    Choice choice;
    choice.groups = static_cast<std::size_t>(best - worth.begin()) + 1;
    choice.group = cut(merges, board.count, choice.groups);
    for (auto other = worth.begin(); other != worth.end(); ++other)
        if (other != best && *other > *best - near_call) choice.ambiguous = true;
    return choice;
}

Choice look(const Change& change, const Facts& facts, Leaning leaning) {
    if (change.hunks.size() < 2) return {std::vector<std::uint32_t>(change.hunks.size()), 1, false};
    if (change.hunks.size() <= most_units) return choose(change, facts, leaning);
    const Coarse coarse = coarsen(change, facts, most_units);
    const Choice units = look(coarse.change, coarse.facts, leaning);
    Choice choice = units;
    choice.group.clear();
    for (const std::uint32_t unit : coarse.unit)
        choice.group.push_back(units.group[unit]);
    return choice;
}

// The hunks of one group as a change of its own, without contents: features need them no more.
Coarse only(const Change& change, const Facts& facts, const std::vector<std::uint32_t>& hunks) {
    Coarse out;
    out.facts = facts;
    out.facts.hunks.clear();
    out.facts.files.clear();
    std::map<std::uint32_t, std::uint32_t> files;
    for (const std::uint32_t index : hunks) {
        Hunk hunk = change.hunks[index];
        const auto [at, fresh] =
            files.try_emplace(hunk.file, static_cast<std::uint32_t>(out.change.files.size()));
        if (fresh) {
            out.change.files.emplace_back();
            out.change.files.back().path = change.files[hunk.file].path;
            out.facts.files.push_back(facts.files[hunk.file]);
        }
        hunk.file = at->second;
        out.change.files[hunk.file].hunks.push_back(
            static_cast<std::uint32_t>(out.change.hunks.size()));
        out.change.hunks.push_back(hunk);
        out.facts.hunks.push_back(facts.hunks[index]);
    }
    return out;
}

class Untangler {
  public:
    Untangler(const Change& change, const Facts& facts, Leaning leaning)
        : change_(change), facts_(facts), leaning_(leaning) {
        partition_.group.resize(change.hunks.size());
    }

    Partition run() {
        std::vector<std::uint32_t> all;
        for (std::uint32_t i = 0; i < change_.hunks.size(); ++i)
            all.push_back(i);
        if (!all.empty()) take(all, look(change_, facts_, leaning_), 0);
        renumber();
        return std::move(partition_);
    }

  private:
    void take(const std::vector<std::uint32_t>& hunks, const Choice& choice, int depth) {
        partition_.ambiguous = partition_.ambiguous || choice.ambiguous;
        std::vector<std::vector<std::uint32_t>> members(choice.groups);
        for (std::size_t i = 0; i < hunks.size(); ++i)
            members[choice.group[i]].push_back(hunks[i]);
        for (const std::vector<std::uint32_t>& group : members) {
            if (choice.groups > 1 && group.size() > large && depth < 4) {
                const Coarse part = only(change_, facts_, group);
                take(group, look(part.change, part.facts, leaning_), depth + 1);
                continue;
            }
            for (const std::uint32_t hunk : group)
                partition_.group[hunk] = next_;
            ++next_;
        }
    }

    void renumber() {
        std::vector<std::uint32_t> number(next_, UINT32_MAX);
        for (std::uint32_t& group : partition_.group) {
            if (number[group] == UINT32_MAX)
                number[group] = static_cast<std::uint32_t>(partition_.groups++);
            group = number[group];
        }
    }

    const Change& change_;
    const Facts& facts_;
    Leaning leaning_;
    Partition partition_;
    std::uint32_t next_ = 0;
};

} // namespace

Similarity weigh_hunks(const Change& change, const Facts& facts) {
    const Board board = make_board(change, facts);
    return weigh_stack(board, weigh_pairs(board));
}

Partition untangle(const Change& change, const Facts& facts, Leaning leaning) {
    return Untangler(change, facts, leaning).run();
}

} // namespace stanch::commits
