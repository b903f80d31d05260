#include "git/index.h"

#include "git/bytes.h"
#include "git/ewah.h"
#include "git/hash.h"
#include "os/file.h"
#include "os/random_file.h"

#include <algorithm>
#include <deque>

namespace stanch::git {

struct IndexState {
    std::vector<IndexEntry> entries;
    std::vector<CachedTree> trees;
    // What the views point into.
    os::MappedFile file;
    os::MappedFile shared_file;
    std::deque<std::string> arena;
};

namespace {

constexpr std::uint16_t flag_extended = 0x4000;
constexpr std::uint16_t extended_intent_to_add = 0x2000;
constexpr std::uint16_t extended_skip_worktree = 0x4000;
constexpr std::size_t header_size = 12;

std::unexpected<Error> damaged(std::string what) {
    return fail(ErrorKind::invalid, "the index is damaged: " + std::move(what), {},
                "restore it: 'git read-tree HEAD' makes a new one");
}

bool all_zero(std::string_view bytes) {
    return std::ranges::all_of(bytes, [](char byte) { return byte == 0; });
}

// One index file: its entries and extensions, before a split index is put together.
class Reader {
  public:
    Reader(std::string_view bytes, ObjectFormat format, std::deque<std::string>& arena)
        : all_(bytes), format_(format), arena_(arena) {}

    Result<void> header() {
        const std::size_t trailer = raw_size(format_);
        if (all_.size() < header_size + trailer) return damaged("too short");
        in_ = ByteReader(all_.substr(0, all_.size() - trailer));
        if (in_.take(4) != "DIRC") return damaged("no signature");
        version_ = in_.u32();
        count_ = in_.u32();
        if (version_ < 2 || version_ > 4)
            return fail(ErrorKind::incomplete,
                        "an index of version " + std::to_string(version_) + " cannot be read");
        // The smallest entry: 40 bytes of stat, an id, flags, an empty name and its end.
        if (count_ > all_.size() / (40 + trailer + 3)) return damaged("more entries than bytes");
        return {};
    }

    [[nodiscard]] Result<void> verify() const {
        const std::string_view trailer = all_.substr(all_.size() - raw_size(format_));
        if (all_zero(trailer) || trailer_matches(format_, all_)) return {};
        return damaged("its checksum does not match");
    }

    Result<std::vector<IndexEntry>> entries() {
        std::vector<IndexEntry> entries;
        entries.reserve(count_);
        std::string_view previous;
        for (std::uint32_t i = 0; i < count_; ++i) {
            entries.push_back(entry(previous));
            if (!in_.ok()) return damaged("an entry without an end");
            previous = entries.back().path;
        }
        return entries;
    }

    Result<void> extensions() {
        while (!in_.done()) {
            const std::string_view name = in_.take(4);
            const std::string_view content = in_.take(in_.u32());
            if (!in_.ok()) return damaged("an extension without an end");
            if (name == "TREE")
                trees_ = content;
            else if (name == "link")
                link_ = content;
            else if (name != "sdir" && name[0] >= 'a' && name[0] <= 'z')
                return fail(ErrorKind::incomplete,
                            "the index needs an extension that is not known: " + std::string(name));
        }
        return {};
    }

    [[nodiscard]] std::string_view trees() const { return trees_; }
    [[nodiscard]] std::optional<std::string_view> link() const { return link_; }

  private:
    IndexEntry entry(std::string_view previous) {
        const std::size_t start = in_.rest().size();
        IndexEntry entry;
        in_.take(8); // ctime
        entry.mtime_seconds = in_.u32();
        entry.mtime_nanoseconds = in_.u32();
        in_.take(4); // dev
        entry.inode = in_.u32();
        entry.mode = in_.u32();
        in_.take(8); // uid, gid
        entry.size = in_.u32();
        entry.oid = in_.take(raw_size(format_));
        flags(entry);
        entry.path = version_ == 4 ? compressed(previous) : in_.until('\0');
        if (version_ != 4) padding(start - in_.rest().size());
        return entry;
    }

    void flags(IndexEntry& entry) {
        const std::uint16_t flags = in_.u16();
        entry.stage = static_cast<std::uint8_t>((flags >> 12) & 3);
        if ((flags & flag_extended) == 0) return;
        const std::uint16_t extended = in_.u16();
        entry.intent_to_add = (extended & extended_intent_to_add) != 0;
        entry.skip_worktree = (extended & extended_skip_worktree) != 0;
    }

    // One to eight NULs bring an entry to a multiple of eight bytes; until() took the first.
    void padding(std::size_t taken) {
        const std::size_t rest = (8 - taken % 8) % 8;
        in_.take(rest);
    }

    std::string_view compressed(std::string_view previous) {
        const std::uint64_t cut = in_.offset_number();
        const std::string_view suffix = in_.until('\0');
        if (!in_.ok() || cut > previous.size()) {
            in_.take(std::string_view::npos);
            return {};
        }
        const std::size_t kept = previous.size() - cut;
        std::string& chunk = room_for(kept + suffix.size());
        const std::size_t at = chunk.size();
        chunk.append(previous.substr(0, kept)).append(suffix);
        return std::string_view(chunk).substr(at);
    }

    // A chunk never grows past its capacity, so views into it stay true.
    std::string& room_for(std::size_t size) {
        constexpr std::size_t chunk = 65536;
        if (arena_.empty() || arena_.back().capacity() - arena_.back().size() < size)
            arena_.emplace_back().reserve(std::max(chunk, size));
        return arena_.back();
    }

    std::string_view all_;
    ObjectFormat format_;
    std::deque<std::string>& arena_;
    ByteReader in_{{}};
    std::uint32_t version_ = 0;
    std::uint32_t count_ = 0;
    std::string_view trees_;
    std::optional<std::string_view> link_;
};

// The TREE extension: "name NUL entries SP subtrees LF [oid]", pre-order.
class TreeReader {
  public:
    TreeReader(std::string_view bytes, ObjectFormat format) : in_(bytes), format_(format) {}

    std::vector<CachedTree> run() {
        if (!in_.done()) tree(0);
        if (!in_.ok()) trees_.clear(); // an optimisation only: without it all entries are compared
        return std::move(trees_);
    }

  private:
    static constexpr int depth_limit = 1000;

    void tree(int depth) {
        CachedTree cached;
        cached.name = in_.until('\0');
        const std::optional<std::uint32_t> entries = number(in_.until(' '));
        const std::optional<std::uint32_t> subtrees = number(in_.until('\n'));
        if (entries) cached.oid = in_.take(raw_size(format_));
        cached.entries = entries.value_or(0);
        cached.subtrees = subtrees.value_or(0);
        const std::size_t at = trees_.size();
        trees_.push_back(cached);
        if (depth > depth_limit) in_.take(std::string_view::npos);
        for (std::uint32_t i = 0; in_.ok() && i < cached.subtrees; ++i)
            tree(depth + 1);
        trees_[at].following = static_cast<std::uint32_t>(trees_.size() - at - 1);
    }

    // nullopt for "-1": not valid.
    static std::optional<std::uint32_t> number(std::string_view text) {
        if (text.empty() || text[0] == '-' || text.size() > 9) return std::nullopt;
        std::uint32_t value = 0;
        for (const char digit : text) {
            if (digit < '0' || digit > '9') return std::nullopt;
            value = value * 10 + static_cast<std::uint32_t>(digit - '0');
        }
        return value;
    }

    ByteReader in_;
    ObjectFormat format_;
    std::vector<CachedTree> trees_;
};

bool in_order(const IndexEntry& a, const IndexEntry& b) {
    const int order = a.path.compare(b.path);
    return order != 0 ? order < 0 : a.stage < b.stage;
}

// A split index lists, for the shared file: which entries are gone, which are replaced (by its own
// first entries, nameless, in order), and then what is new.
Result<std::vector<IndexEntry>> put_together(std::vector<IndexEntry> own,
                                             const std::vector<IndexEntry>& shared,
                                             std::string_view bitmaps) {
    std::vector<bool> deleted(shared.size());
    std::vector<bool> replaced(shared.size());
    if (!bitmaps.empty()) {
        ByteReader in(bitmaps);
        if (!read_ewah(in, deleted) || !read_ewah(in, replaced))
            return damaged("the bitmaps of the split index");
    }
    std::vector<IndexEntry> all;
    all.reserve(shared.size() + own.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < shared.size(); ++i) {
        IndexEntry entry = shared[i];
        if (replaced[i]) {
            if (next >= own.size()) return damaged("the split index lacks an entry");
            entry = own[next++];
            entry.path = shared[i].path;
        }
        if (!deleted[i]) all.push_back(entry);
    }
    for (; next < own.size(); ++next) {
        if (own[next].path.empty()) return damaged("an entry without a name");
        all.push_back(own[next]);
    }
    std::ranges::stable_sort(all, in_order);
    return all;
}

Result<void> parse_into(IndexState& state, std::string_view bytes, ObjectFormat format,
                        const Index::SharedIndex& shared) {
    Reader own(bytes, format, state.arena);
    STANCH_CHECK(own.header());
    STANCH_CHECK(own.verify());
    STANCH_TRY(state.entries, own.entries());
    STANCH_CHECK(own.extensions());
    state.trees = TreeReader(own.trees(), format).run();
    if (!own.link()) return {};
    const std::size_t id_size = raw_size(format);
    if (own.link()->size() < id_size) return damaged("the split index names no shared one");
    const ObjectId id(own.link()->substr(0, id_size));
    if (id.is_null()) return {};
    STANCH_TRY(const std::string_view shared_bytes, shared(id));
    Reader base(shared_bytes, format, state.arena);
    STANCH_CHECK(base.header());
    STANCH_CHECK(base.verify());
    STANCH_TRY(const std::vector<IndexEntry> base_entries, base.entries());
    STANCH_TRY(state.entries,
               put_together(std::move(state.entries), base_entries, own.link()->substr(id_size)));
    return {};
}

} // namespace

Index::Index(std::unique_ptr<IndexState> state) : state_(std::move(state)) {}
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;
Index::~Index() = default;

std::span<const IndexEntry> Index::entries() const {
    return state_->entries;
}
std::span<const CachedTree> Index::cached_trees() const {
    return state_->trees;
}

const IndexEntry* Index::find(std::string_view path) const {
    const auto found = std::ranges::lower_bound(state_->entries, path, {}, &IndexEntry::path);
    if (found == state_->entries.end() || found->path != path || found->stage != 0) return nullptr;
    return &*found;
}

Result<Index> Index::parse(std::string_view bytes, ObjectFormat format, const SharedIndex& shared) {
    auto state = std::make_unique<IndexState>();
    STANCH_CHECK(parse_into(*state, bytes, format, shared));
    return Index(std::move(state));
}

Result<Index> Index::read(const Repository& repository) {
    auto state = std::make_unique<IndexState>();
    if (!os::exists(repository.index_file)) return Index(std::move(state));
    STANCH_TRY(state->file, os::MappedFile::open(repository.index_file));
    const auto shared = [&](const ObjectId& id) -> Result<std::string_view> {
        const std::string path = repository.git_dir + "/sharedindex." + id.hex();
        STANCH_TRY(state->shared_file, os::MappedFile::open(path));
        return state->shared_file.bytes();
    };
    auto parsed = parse_into(*state, state->file.bytes(), repository.format, shared);
    if (parsed) return Index(std::move(state));
    if (parsed.error().where.empty()) parsed.error().where = repository.index_file;
    return std::unexpected(std::move(parsed.error()));
}

} // namespace stanch::git
