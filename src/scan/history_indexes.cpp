#include "scan/history_indexes.h"

#include "git/index.h"
#include "git/tree_diff.h"
#include "scan/staged.h"

namespace stanch::scan {
namespace {

class Indexes {
  public:
    Indexes(const HistoryContext& context, Worker& worker, std::set<std::string>& missing,
            Outcome& outcome)
        : context_(context), worker_(worker), missing_(missing), outcome_(outcome) {}

    void look() {
        for (const git::Ref& ref : context_.refs.refs)
            refer(ref.id.raw());
        for (const std::string& git_dir : context_.repository.worktree_git_dirs()) {
            git::Repository worktree = context_.repository;
            worktree.git_dir = git_dir;
            worktree.index_file = git_dir + "/index";
            const auto index = git::Index::read(worktree);
            if (!index) {
                outcome_.miss(index.error());
                continue;
            }
            for (const git::IndexEntry& entry : index->entries())
                if (!entry.is_submodule() && !entry.intent_to_add) refer(entry.oid);
            names(worktree, *index);
        }
    }

  private:
    void refer(std::string_view raw) {
        if (!context_.table.has(raw)) missing_.emplace(raw);
    }

    // Without a HEAD that can be read, all names count as new.
    void names(const git::Repository& worktree, const git::Index& index) {
        git::ObjectReader reader(context_.store);
        const auto head = head_tree(worktree, reader);
        const auto changes = git::diff_index(reader, head ? *head : git::ObjectId(), index);
        if (!changes) return outcome_.miss(changes.error());
        for (const git::Change& change : *changes)
            if (change.old_mode == 0) name(change.path);
    }

    void name(const std::string& path) {
        const std::size_t first = outcome_.findings.size();
        worker_.look_at(Place{path, path}, path, outcome_);
        --outcome_.counts.contents; // a name is no file
        for (std::size_t i = first; i < outcome_.findings.size(); ++i)
            outcome_.findings[i].span = outcome_.findings[i].match_span = Span{};
    }

    const HistoryContext& context_;
    Worker& worker_;
    std::set<std::string>& missing_;
    Outcome& outcome_;
};

} // namespace

void look_at_indexes(const HistoryContext& context, Worker& worker, std::set<std::string>& missing,
                     Outcome& outcome) {
    Indexes(context, worker, missing, outcome).look();
}

} // namespace stanch::scan
