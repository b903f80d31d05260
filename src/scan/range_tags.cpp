#include "scan/range_tags.h"

#include <set>

namespace stanch::scan {
namespace {

constexpr int depth_limit = 64; // tags of tags

class TagCollector {
  public:
    TagCollector(const git::CommitRange& range, std::span<const git::WalkedCommit> commits,
                 git::ObjectReader& reader, git::ObjectFormat format)
        : range_(range), reader_(reader), format_(format) {
        for (const git::WalkedCommit& commit : commits)
            commits_.insert(commit.id);
    }

    Result<void> add(git::ObjectId id, std::vector<RangeTag>& all) {
        struct Link {
            RangeTag tag;
            bool recent = false;
        };
        std::vector<Link> chain;
        for (int depth = 0; depth < depth_limit && !commits_.contains(id); ++depth) {
            STANCH_TRY(git::Object object, reader_.read(id));
            if (object.type != git::ObjectType::tag) break;
            const auto tag = git::parse_tag(object.content, format_);
            if (!tag) return fail(ErrorKind::incomplete, "a damaged tag", id.hex());
            const git::ObjectId target = tag->target;
            const bool recent =
                range_.since && git::parse_signature(tag->tagger).seconds >= *range_.since;
            chain.push_back({{id, std::move(object.content)}, recent});
            id = target;
        }
        for (Link& link : chain)
            if ((link.recent || commits_.contains(id)) && known_.insert(link.tag.id).second)
                all.push_back(std::move(link.tag));
        return {};
    }

  private:
    const git::CommitRange& range_;
    git::ObjectReader& reader_;
    git::ObjectFormat format_;
    std::set<git::ObjectId> commits_;
    std::set<git::ObjectId> known_;
};

} // namespace

std::vector<RangeTag> tags_of(const git::CommitRange& range,
                              std::span<const git::WalkedCommit> commits, const git::Refs& refs,
                              git::ObjectReader& reader, git::ObjectFormat format,
                              Outcome& outcome) {
    std::vector<RangeTag> all;
    if (commits.empty() && !range.since) return all;
    TagCollector collector(range, commits, reader, format);
    for (const git::Ref& ref : refs.refs)
        // Branches name commits: that spares reading each.
        if (!ref.name.starts_with("refs/heads/") && !ref.name.starts_with("refs/remotes/"))
            if (const auto added = collector.add(ref.id, all); !added)
                outcome.miss(ref.name, added.error().what, added.error().hint);
    return all;
}

} // namespace stanch::scan
