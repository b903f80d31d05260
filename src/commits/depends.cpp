#include "commits/depends.h"

#include <algorithm>
#include <unordered_map>

namespace stanch::commits {
namespace {

using ByWord = std::unordered_map<Word, std::vector<std::uint32_t>>;

// A name that many hunks bring along (a loop's variable) ties nothing.
constexpr std::size_t common = 3;

class Needs {
  public:
    Needs(const Change& change, const Facts& facts)
        : change_(change), facts_(facts), needs_(change.hunks.size()) {}

    std::vector<std::vector<std::uint32_t>> run() {
        for (std::uint32_t i = 0; i < facts_.hunks.size(); ++i) {
            note(brought_, facts_.hunks[i].defined, i);
            note(taken_, facts_.hunks[i].undefined, i);
            note(imported_, facts_.hunks[i].imported, i);
        }
        for (std::uint32_t i = 0; i < facts_.hunks.size(); ++i) {
            add(i, facts_.hunks[i].used, brought_, false);
            add(i, facts_.hunks[i].imported, brought_, false);
            add_imports(i);
            add_taken(i);
        }
        for (std::vector<std::uint32_t>& list : needs_) {
            std::ranges::sort(list);
            list.erase(std::unique(list.begin(), list.end()), list.end());
        }
        return std::move(needs_);
    }

  private:
    static void note(ByWord& map, const WordSet& words, std::uint32_t hunk) {
        for (const Word word : words)
            map[word].push_back(hunk);
    }

    [[nodiscard]] bool same_file(std::uint32_t a, std::uint32_t b) const {
        return change_.hunks[a].file == change_.hunks[b].file;
    }

    void add(std::uint32_t user, const WordSet& words, const ByWord& map, bool in_file) {
        for (const Word word : words) {
            const auto at = map.find(word);
            if (at == map.end() || at->second.size() > common) continue;
            for (const std::uint32_t bringer : at->second)
                if (bringer != user && (!in_file || same_file(user, bringer)))
                    needs_[user].push_back(bringer);
        }
    }

    // The import comes with or before the first use in its file.
    void add_imports(std::uint32_t user) {
        for (const Word word : facts_.hunks[user].used) {
            const auto at = imported_.find(word);
            if (at == imported_.end()) continue;
            for (const std::uint32_t importer : at->second)
                if (importer != user && same_file(user, importer) &&
                    change_.hunks[importer].new_lines > 0)
                    needs_[user].push_back(importer);
        }
    }

    // What goes away goes after its last use: whoever lets go of it comes first.
    void add_taken(std::uint32_t leaver) {
        for (const Word word : facts_.hunks[leaver].lost) {
            const auto at = taken_.find(word);
            if (at == taken_.end() || at->second.size() > common) continue;
            for (const std::uint32_t taker : at->second)
                if (taker != leaver) needs_[taker].push_back(leaver);
        }
    }

    const Change& change_;
    const Facts& facts_;
    std::vector<std::vector<std::uint32_t>> needs_;
    ByWord brought_;
    ByWord taken_;
    ByWord imported_;
};

} // namespace

std::vector<std::vector<std::uint32_t>> hunk_needs(const Change& change, const Facts& facts) {
    return Needs(change, facts).run();
}

std::vector<std::uint32_t> order_groups(const std::vector<std::vector<std::uint32_t>>& needs,
                                        const std::vector<std::uint32_t>& group,
                                        std::size_t groups) {
    std::vector<std::vector<std::uint32_t>> weight(groups, std::vector<std::uint32_t>(groups));
    for (std::size_t i = 0; i < needs.size(); ++i)
        for (const std::uint32_t need : needs[i])
            if (group[i] != group[need]) ++weight[group[i]][group[need]];
    std::vector<bool> placed(groups);
    std::vector<std::uint32_t> order;
    while (order.size() < groups) {
        // The group that waits for least; groups that need each other are taken where the tie is
        // weakest.
        std::size_t best = groups;
        std::uint32_t least = UINT32_MAX;
        for (std::size_t g = 0; g < groups; ++g) {
            if (placed[g]) continue;
            std::uint32_t waiting = 0;
            for (std::size_t other = 0; other < groups; ++other)
                if (!placed[other] && other != g) waiting += weight[g][other];
            if (waiting < least) {
                least = waiting;
                best = g;
            }
        }
        placed[best] = true;
        order.push_back(static_cast<std::uint32_t>(best));
    }
    return order;
}

} // namespace stanch::commits
