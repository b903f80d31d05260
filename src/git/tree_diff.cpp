#include "git/tree_diff.h"

#include <algorithm>
#include <optional>

namespace stanch::git {
namespace {

constexpr int depth_limit = 2048;

bool is_tree(std::uint32_t mode) {
    return (mode & mode_type) == mode_directory;
}

// A tree's entries by plain name: Git sorts directories as if they ended with '/'.
struct Listing {
    std::string content;
    std::vector<TreeEntry> entries;

    static Result<Listing> read(ObjectReader& reader, const ObjectId& id) {
        Listing listing;
        if (id.empty()) return listing;
        STANCH_TRY(listing.content, reader.read(id, ObjectType::tree));
        TreeEntry entry;
        TreeCursor cursor(listing.content, id.raw().size());
        while (cursor.next(entry))
            listing.entries.push_back(entry);
        if (cursor.damaged())
            return fail(ErrorKind::incomplete, "a damaged tree", id.hex(), "run 'git fsck'");
        std::ranges::sort(listing.entries, {}, &TreeEntry::name);
        return listing;
    }

    [[nodiscard]] const TreeEntry* find(std::string_view name) const {
        const auto found = std::ranges::lower_bound(entries, name, {}, &TreeEntry::name);
        return found != entries.end() && found->name == name ? &*found : nullptr;
    }
};

ObjectId tree_id(const TreeEntry* entry) {
    return entry != nullptr && is_tree(entry->mode) ? ObjectId(entry->oid) : ObjectId();
}

class TreeComparer {
  public:
    explicit TreeComparer(ObjectReader& reader) : reader_(reader) {}

    Result<void> compare(const ObjectId& before, const ObjectId& after, const std::string& prefix,
                         int depth) {
        if (before == after) return {};
        if (depth > depth_limit)
            return fail(ErrorKind::incomplete, "folders nested too deeply", prefix);
        STANCH_TRY(const Listing old, Listing::read(reader_, before));
        STANCH_TRY(const Listing now, Listing::read(reader_, after));
        auto left = old.entries.begin();
        auto right = now.entries.begin();
        while (left != old.entries.end() || right != now.entries.end()) {
            const bool take_left = left != old.entries.end() &&
                                   (right == now.entries.end() || left->name <= right->name);
            const bool take_right = right != now.entries.end() &&
                                    (left == old.entries.end() || right->name <= left->name);
            STANCH_CHECK(
                pair(take_left ? &*left : nullptr, take_right ? &*right : nullptr, prefix, depth));
            if (take_left) ++left;
            if (take_right) ++right;
        }
        return {};
    }

    std::vector<Change> changes;

  private:
    Result<void> pair(const TreeEntry* old, const TreeEntry* now, const std::string& prefix,
                      int depth) {
        if (old != nullptr && now != nullptr && old->mode == now->mode && old->oid == now->oid)
            return {};
        const std::string path = prefix + std::string(old != nullptr ? old->name : now->name);
        const ObjectId old_tree = tree_id(old);
        const ObjectId new_tree = tree_id(now);
        Change change;
        change.path = path;
        if (old != nullptr && old_tree.empty()) {
            change.old_mode = old->mode;
            change.old_id = ObjectId(old->oid);
        }
        if (now != nullptr && new_tree.empty()) {
            change.new_mode = now->mode;
            change.new_id = ObjectId(now->oid);
        }
        if (change.old_mode != 0 || change.new_mode != 0) changes.push_back(std::move(change));
        if (old_tree.empty() && new_tree.empty()) return {};
        return compare(old_tree, new_tree, path + "/", depth + 1);
    }

    ObjectReader& reader_;
};

// The index against a tree, folder by folder: a range of entries with one prefix, the tree that
// HEAD has there, and what the index caches of it.
class IndexComparer {
  public:
    IndexComparer(ObjectReader& reader, const Index& index, Gone gone)
        : reader_(reader), entries_(index.entries()), cached_(index.cached_trees()), gone_(gone) {}

    Result<void> run(const ObjectId& head) {
        const std::size_t root = cached_.empty() ? none : 0;
        return folder(0, entries_.size(), 0, head, root);
    }

    std::vector<Change> changes;

  private:
    static constexpr std::size_t none = ~std::size_t{0};

    // Entries [begin, end) have the same first `prefix` bytes, which end with '/' or are none.
    Result<void> folder(std::size_t begin, std::size_t end, std::size_t prefix,
                        const ObjectId& head, std::size_t cached) {
        if (cached != none && !head.empty() && cached_[cached].oid == head.raw()) return {};
        STANCH_TRY(const Listing old, Listing::read(reader_, head));
        if (gone_ == Gone::told) STANCH_CHECK(missing(begin, end, prefix, old));
        std::size_t child = cached == none ? none : cached + 1;
        for (std::size_t at = begin; at < end;) {
            const std::string_view rest = entries_[at].path.substr(prefix);
            const std::size_t slash = rest.find('/');
            if (slash == std::string_view::npos || slash + 1 == rest.size()) {
                STANCH_CHECK(entry(entries_[at], rest, old));
                ++at;
                continue;
            }
            const std::string_view name = rest.substr(0, slash);
            const std::size_t found = find_cached(name, child, cached);
            const std::size_t next = end_of(at, end, prefix + slash + 1, found);
            STANCH_CHECK(folder(at, next, prefix + slash + 1, tree_id(old.find(name)), found));
            at = next;
        }
        return {};
    }

    // What the tree has here and the index has not.
    Result<void> missing(std::size_t begin, std::size_t end, std::size_t prefix,
                         const Listing& old) {
        const auto mine = entries_.subspan(begin, end - begin);
        const std::string folder(begin == end ? std::string_view()
                                              : entries_[begin].path.substr(0, prefix));
        for (const TreeEntry& entry : old.entries) {
            const std::string path = folder + std::string(entry.name);
            const auto has = [&](const std::string& start) {
                const auto at = std::ranges::lower_bound(mine, start, {}, &IndexEntry::path);
                if (at == mine.end()) return false;
                return start.ends_with('/') ? at->path.starts_with(start) : at->path == start;
            };
            if (has(is_tree(entry.mode) ? path + "/" : path)) continue;
            STANCH_CHECK(gone(entry, path));
        }
        return {};
    }

    Result<void> gone(const TreeEntry& entry, const std::string& path) {
        if (is_tree(entry.mode)) {
            TreeComparer comparer(reader_);
            STANCH_CHECK(comparer.compare(ObjectId(entry.oid), ObjectId(), path + "/", 0));
            std::ranges::move(comparer.changes, std::back_inserter(changes));
            return {};
        }
        Change change;
        change.path = path;
        change.old_mode = entry.mode;
        change.old_id = ObjectId(entry.oid);
        changes.push_back(std::move(change));
        return {};
    }

    // Children follow their parent, sorted by name as Git sorts its cache: by length, then bytes.
    std::size_t find_cached(std::string_view name, std::size_t first, std::size_t parent) const {
        if (parent == none) return none;
        std::size_t at = first;
        for (std::uint32_t i = 0; i < cached_[parent].subtrees && at < cached_.size(); ++i) {
            if (cached_[at].name == name) return at;
            at += 1 + cached_[at].following;
        }
        return none;
    }

    std::size_t end_of(std::size_t at, std::size_t end, std::size_t prefix,
                       std::size_t cached) const {
        if (cached != none && !cached_[cached].oid.empty() && at + cached_[cached].entries <= end &&
            cached_[cached].entries > 0)
            return at + cached_[cached].entries;
        const std::string_view start = entries_[at].path.substr(0, prefix);
        const auto from = entries_.begin() + static_cast<std::ptrdiff_t>(at);
        const auto to = entries_.begin() + static_cast<std::ptrdiff_t>(end);
        const auto found = std::partition_point(
            from, to, [&](const IndexEntry& entry) { return entry.path.starts_with(start); });
        return static_cast<std::size_t>(found - entries_.begin());
    }

    Result<void> entry(const IndexEntry& now, std::string_view name, const Listing& old) {
        if (now.is_sparse_directory()) {
            TreeComparer comparer(reader_);
            const TreeEntry* before = old.find(name.substr(0, name.size() - 1));
            STANCH_CHECK(
                comparer.compare(tree_id(before), ObjectId(now.oid), std::string(now.path), 0));
            std::ranges::move(comparer.changes, std::back_inserter(changes));
            return {};
        }
        if (now.stage == 1) return {};
        const TreeEntry* before = old.find(name);
        if (before != nullptr && before->mode == now.mode && before->oid == now.oid &&
            now.stage == 0)
            return {};
        Change change;
        change.path = now.path;
        change.new_mode = now.mode;
        change.new_id = ObjectId(now.oid);
        change.intent_to_add = now.intent_to_add;
        if (before != nullptr && !is_tree(before->mode)) {
            change.old_mode = before->mode;
            change.old_id = ObjectId(before->oid);
        }
        changes.push_back(std::move(change));
        return {};
    }

    ObjectReader& reader_;
    std::span<const IndexEntry> entries_;
    std::span<const CachedTree> cached_;
    Gone gone_;
};

} // namespace

Result<std::vector<Change>> diff_trees(ObjectReader& reader, const ObjectId& before,
                                       const ObjectId& after) {
    TreeComparer comparer(reader);
    STANCH_CHECK(comparer.compare(before, after, "", 0));
    std::ranges::sort(comparer.changes, {}, &Change::path);
    return std::move(comparer.changes);
}

Result<std::vector<Change>> diff_index(ObjectReader& reader, const ObjectId& head,
                                       const Index& index, Gone gone) {
    IndexComparer comparer(reader, index, gone);
    STANCH_CHECK(comparer.run(head));
    std::ranges::sort(comparer.changes, {}, &Change::path);
    return std::move(comparer.changes);
}

Result<PathEntry> find_path(ObjectReader& reader, const ObjectId& tree, std::string_view path) {
    PathEntry at{mode_directory, tree};
    while (!path.empty()) {
        if (!is_tree(at.mode)) return PathEntry{};
        STANCH_TRY(const Listing listing, Listing::read(reader, at.id));
        const std::size_t slash = std::min(path.find('/'), path.size());
        const TreeEntry* found = listing.find(path.substr(0, slash));
        if (found == nullptr) return PathEntry{};
        at = {found->mode, ObjectId(found->oid)};
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return at;
}

} // namespace stanch::git
