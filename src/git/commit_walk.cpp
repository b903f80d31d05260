#include "git/commit_walk.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>

namespace stanch::git {
namespace {

// How many more commits are read when only excluded ones seem to be left: for dates out of order.
constexpr int slack = 64;

class Lister {
  public:
    Lister(ObjectReader& reader, const CommitRange& range, std::span<const ObjectId> cut,
           ObjectFormat format)
        : reader_(reader), range_(range), cut_(cut), format_(format) {}

    Result<std::vector<WalkedCommit>> run() {
        for (const ObjectId& id : range_.exclude)
            STANCH_CHECK(push(id, true));
        for (const ObjectId& id : range_.include)
            STANCH_CHECK(push(id, false));
        int left = slack;
        while (!queue_.empty() && left > 0) {
            const std::size_t at = queue_.top().second;
            queue_.pop();
            STANCH_CHECK(expand(at));
            left = wanted_in_queue_ > 0 ? slack : left - 1;
        }
        return order();
    }

  private:
    struct State {
        WalkedCommit commit;
        bool excluded = false;
        bool expanded = false;
    };

    // `excluded` goes down to what was reached before, too.
    Result<void> push(const ObjectId& id, bool excluded) {
        if (const auto found = known_.find(id); found != known_.end()) {
            if (excluded) exclude(found->second);
            return {};
        }
        STANCH_TRY(std::string content, reader_.read(id, ObjectType::commit));
        const auto parsed = parse_commit(content, format_);
        if (!parsed)
            return fail(ErrorKind::incomplete, "a damaged commit", id.hex(), "run 'git fsck'");
        State state;
        state.excluded = excluded;
        state.commit = {id, parsed->tree, parsed->parents,
                        parse_signature(parsed->committer).seconds, std::move(content)};
        if (std::ranges::find(cut_, id) != cut_.end()) state.commit.parents.clear();
        if (!excluded && range_.since && state.commit.seconds < *range_.since) return {};
        known_[id] = states_.size();
        queue_.emplace(state.commit.seconds, states_.size());
        if (!excluded) ++wanted_in_queue_;
        states_.push_back(std::move(state));
        return {};
    }

    void exclude(std::size_t at) {
        std::vector<std::size_t> stack{at};
        while (!stack.empty()) {
            State& state = states_[stack.back()];
            stack.pop_back();
            if (state.excluded) continue;
            state.excluded = true;
            if (!state.expanded) --wanted_in_queue_;
            for (const ObjectId& parent : state.commit.parents)
                if (const auto found = known_.find(parent); found != known_.end())
                    stack.push_back(found->second);
        }
    }

    Result<void> expand(std::size_t at) {
        states_[at].expanded = true;
        const bool excluded = states_[at].excluded;
        if (!excluded) --wanted_in_queue_;
        const std::vector<ObjectId> parents = states_[at].commit.parents;
        for (const ObjectId& parent : parents)
            STANCH_CHECK(push(parent, excluded));
        return {};
    }

    // Parents before children, of those that may come next the oldest first.
    std::vector<WalkedCommit> order() {
        std::vector<std::vector<std::size_t>> children(states_.size());
        std::vector<std::size_t> waiting(states_.size());
        using Ready = std::pair<std::int64_t, std::size_t>;
        std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
        for (std::size_t i = 0; i < states_.size(); ++i) {
            for (const ObjectId& parent : states_[i].commit.parents)
                if (const auto found = known_.find(parent); found != known_.end()) {
                    children[found->second].push_back(i);
                    ++waiting[i];
                }
            if (waiting[i] == 0) ready.emplace(states_[i].commit.seconds, i);
        }
        std::vector<WalkedCommit> out;
        while (!ready.empty()) {
            const std::size_t at = ready.top().second;
            ready.pop();
            for (const std::size_t child : children[at])
                if (--waiting[child] == 0) ready.emplace(states_[child].commit.seconds, child);
            if (!states_[at].excluded) out.push_back(std::move(states_[at].commit));
        }
        return out;
    }

    ObjectReader& reader_;
    const CommitRange& range_;
    std::span<const ObjectId> cut_;
    ObjectFormat format_;
    std::vector<State> states_;
    std::unordered_map<ObjectId, std::size_t, ObjectIdHash> known_;
    std::priority_queue<std::pair<std::int64_t, std::size_t>> queue_;
    std::ptrdiff_t wanted_in_queue_ = 0;
};

} // namespace

Result<std::vector<WalkedCommit>> list_commits(ObjectReader& reader, const CommitRange& range,
                                               std::span<const ObjectId> cut, ObjectFormat format) {
    return Lister(reader, range, cut, format).run();
}

} // namespace stanch::git
