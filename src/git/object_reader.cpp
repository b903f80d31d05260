// Single objects: a pack's chain of deltas is followed down to what is whole or still in the cache,
// and built up again.
#include "git/delta.h"
#include "git/hash.h"
#include "git/inflate.h"
#include "git/loose.h"
#include "git/object_store.h"
#include "os/file.h"

#include <algorithm>
#include <cctype>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

namespace stanch::git {
namespace {

constexpr std::size_t cache_limit = std::size_t{24} << 20;
constexpr std::size_t open_packs_limit = 32;
constexpr std::size_t chain_limit = 10'000; // Git's own deltas are at most 4,095 deep

struct Place {
    std::uint32_t pack = 0;
    std::uint64_t offset = 0;
    friend bool operator==(const Place&, const Place&) = default;
};

struct PlaceHash {
    std::size_t operator()(const Place& place) const {
        return (place.offset * 0x9E3779B97F4A7C15ULL) ^ place.pack;
    }
};

using SharedObject = std::shared_ptr<const Object>;

std::unexpected<Error> damaged(const Pack& pack, std::uint64_t offset) {
    return fail(ErrorKind::incomplete, "a damaged object at " + std::to_string(offset), pack.path,
                "run 'git fsck', or clone again");
}

// The most recent objects, by the place where they stand packed.
class Cache {
  public:
    SharedObject find(const Place& place) const {
        const auto found = objects_.find(place);
        return found == objects_.end() ? nullptr : found->second;
    }

    void add(const Place& place, const SharedObject& object) {
        if (object->content.size() > cache_limit / 4) return;
        if (!objects_.emplace(place, object).second) return;
        order_.push_back(place);
        bytes_ += object->content.size();
        while (bytes_ > cache_limit)
            drop_oldest();
    }

  private:
    void drop_oldest() {
        const auto found = objects_.find(order_.front());
        bytes_ -= found->second->content.size();
        objects_.erase(found);
        order_.pop_front();
    }

    std::unordered_map<Place, SharedObject, PlaceHash> objects_;
    std::deque<Place> order_;
    std::size_t bytes_ = 0;
};

} // namespace

struct ObjectReader::State {
    explicit State(const ObjectStore& from) : store(from) {}

    const ObjectStore& store;
    Inflater inflater;
    Cache cache;
    std::map<std::uint32_t, os::RandomFile> files;
    std::uint32_t last_pack = 0;

    // Entry headers as read from the pack; `bytes` owns what base_id points into.
    struct Entry {
        EntryHeader header;
        std::string bytes;
        std::uint64_t offset = 0;
    };

    [[nodiscard]] std::optional<Place> find(std::string_view raw) const {
        const auto packs = store.packs();
        for (std::size_t i = 0; i < packs.size(); ++i) {
            // The pack that had the last object is likely to have the next.
            const std::size_t number = (last_pack + i) % packs.size();
            if (const auto position = packs[number].index.find(raw))
                return Place{static_cast<std::uint32_t>(number),
                             packs[number].index.offset(*position)};
        }
        return std::nullopt;
    }

    Result<const os::RandomFile*> file(std::uint32_t pack) {
        const auto found = files.find(pack);
        if (found != files.end()) return &found->second;
        if (files.size() >= open_packs_limit) files.erase(files.begin());
        STANCH_TRY(os::RandomFile opened, open_pack(store.packs()[pack], store.format()));
        return &files.emplace(pack, std::move(opened)).first->second;
    }

    Result<Entry> entry(const Place& place) {
        const Pack& pack = store.packs()[place.pack];
        STANCH_TRY(const os::RandomFile* from, file(place.pack));
        Entry entry;
        entry.offset = place.offset;
        entry.bytes.resize(4096);
        if (place.offset >= from->size()) return damaged(pack, place.offset);
        STANCH_TRY(const std::size_t got, from->read_at(place.offset, entry.bytes));
        entry.bytes.resize(got);
        const auto header = parse_entry_header(entry.bytes, place.offset, store.format());
        if (!header) return damaged(pack, place.offset);
        entry.header = *header;
        return entry;
    }

    // How the packed size relates to the inflated one is not known: take half, then all it can be.
    Result<std::string> inflate(const Place& place, Entry& entry) {
        const Pack& pack = store.packs()[place.pack];
        if (entry.header.size > object_size_limit)
            return fail(ErrorKind::incomplete, "an object larger than can be read", pack.path);
        STANCH_TRY(const os::RandomFile* from, file(place.pack));
        std::string content(entry.header.size, '\0');
        const std::size_t most =
            entry.header.length + entry.header.size + entry.header.size / 1000 + 64;
        const bool needs_id = !entry.header.base_id.empty();
        const ObjectId base = needs_id ? ObjectId(entry.header.base_id) : ObjectId();
        for (const std::size_t wanted : {entry.bytes.size(), most / 2, most}) {
            if (wanted > entry.bytes.size()) {
                entry.bytes.resize(wanted);
                STANCH_TRY(const std::size_t got, from->read_at(place.offset, entry.bytes));
                entry.bytes.resize(got);
                if (needs_id)
                    entry.header.base_id =
                        std::string_view(entry.bytes)
                            .substr(entry.header.length - base.raw().size(), base.raw().size());
            }
            const auto packed = std::string_view(entry.bytes).substr(entry.header.length);
            if (inflater.inflate(packed, content)) return content;
        }
        return damaged(pack, place.offset);
    }

    // Where a delta's base stands; an object elsewhere (a thin pack's) comes back whole.
    Result<std::optional<Place>> base_place(const Place& place, const Entry& entry,
                                            SharedObject& elsewhere) {
        if (entry.header.base_offset != 0) return Place{place.pack, entry.header.base_offset};
        const PackIndex& index = store.packs()[place.pack].index;
        if (const auto position = index.find(entry.header.base_id))
            return Place{place.pack, index.offset(*position)};
        const ObjectId id(entry.header.base_id);
        if (const auto other = find(id.raw())) return other;
        STANCH_TRY(Object object, read_any_loose(id));
        elsewhere = std::make_shared<const Object>(std::move(object));
        return std::optional<Place>();
    }

    Result<SharedObject> packed(Place place) {
        std::vector<std::pair<Place, std::string>> deltas;
        SharedObject object = cache.find(place);
        const Place wanted = place;
        while (!object) {
            if (deltas.size() > chain_limit)
                return damaged(store.packs()[place.pack], place.offset);
            STANCH_TRY(Entry at, entry(place));
            STANCH_TRY(std::string content, inflate(place, at));
            if (!at.header.is_delta()) {
                object = std::make_shared<const Object>(at.header.type, std::move(content));
                if (!deltas.empty()) cache.add(place, object);
                break;
            }
            STANCH_TRY(const auto base, base_place(place, at, object));
            deltas.emplace_back(place, std::move(content));
            if (!base) break;
            place = *base;
            object = cache.find(place);
        }
        STANCH_TRY(object, build(std::move(object), deltas));
        cache.add(wanted, object);
        return object;
    }

    Result<SharedObject> build(SharedObject object,
                               std::vector<std::pair<Place, std::string>>& deltas) {
        std::vector<CopyRun> copies;
        for (; !deltas.empty(); deltas.pop_back()) {
            const auto& [place, delta] = deltas.back();
            const auto sizes = delta_sizes(delta);
            if (!sizes || sizes->result > object_size_limit)
                return damaged(store.packs()[place.pack], place.offset);
            std::string result(sizes->result, '\0');
            if (!apply_delta(object->content, delta, result, copies))
                return damaged(store.packs()[place.pack], place.offset);
            object = std::make_shared<const Object>(object->type, std::move(result));
        }
        return object;
    }

    Result<Object> loose(std::uint32_t directory, const ObjectId& id) {
        const std::string path = store.loose_path(directory, id);
        STANCH_TRY(const std::string bytes, os::read_file(path, object_size_limit));
        auto object = parse_loose(bytes, inflater, object_size_limit);
        if (!object) {
            object.error().where = path;
            return object;
        }
        std::string header(to_string(object->type));
        header += ' ' + std::to_string(object->content.size());
        Hasher hasher(store.format());
        hasher.add(std::string_view(header.c_str(), header.size() + 1));
        hasher.add(object->content);
        if (hasher.finish() != id)
            return fail(ErrorKind::incomplete, "a damaged loose object: not what its name says",
                        path, "run 'git fsck'");
        return object;
    }

    Result<Object> read_any_loose(const ObjectId& id) {
        for (std::uint32_t i = 0; i < store.directories(); ++i)
            if (os::exists(store.loose_path(i, id))) return loose(i, id);
        return fail(ErrorKind::not_found, "a missing object", id.hex(), "run 'git fetch'");
    }
};

ObjectReader::ObjectReader(const ObjectStore& store) : state_(std::make_unique<State>(store)) {}
ObjectReader::ObjectReader(ObjectReader&&) noexcept = default;
ObjectReader& ObjectReader::operator=(ObjectReader&&) noexcept = default;
ObjectReader::~ObjectReader() = default;

Result<Object> ObjectReader::read(const ObjectId& id) {
    if (id.raw().size() != raw_size(state_->store.format()))
        return fail(ErrorKind::invalid, "an id of the other object format", id.hex());
    const auto place = state_->find(id.raw());
    if (!place) return state_->read_any_loose(id);
    state_->last_pack = place->pack;
    STANCH_TRY(const SharedObject object, state_->packed(*place));
    return *object;
}

Result<std::string> ObjectReader::read(const ObjectId& id, ObjectType type) {
    STANCH_TRY(Object object, read(id));
    if (object.type != type)
        return fail(ErrorKind::incomplete,
                    "an object that should be a " + std::string(to_string(type)), id.hex(),
                    "run 'git fsck'");
    return std::move(object.content);
}

Result<Object> ObjectReader::read_loose(std::uint32_t directory, const ObjectId& id) {
    return state_->loose(directory, id);
}

std::optional<ObjectId> ObjectReader::complete(std::string_view hex) const {
    if (hex.size() < 4 || hex.size() > 64 ||
        hex.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
        return std::nullopt;
    const std::size_t size = raw_size(state_->store.format());
    std::string low(hex);
    low.resize(2 * size, '0');
    const auto first = ObjectId::parse(low);
    std::set<ObjectId> found;
    const auto take = [&](const ObjectId& id) {
        std::string lower(hex);
        std::ranges::transform(lower, lower.begin(),
                               [](unsigned char c) { return std::tolower(c); });
        if (id.hex().starts_with(lower)) found.insert(id);
        return id.hex().starts_with(lower);
    };
    for (const Pack& pack : state_->store.packs())
        for (std::uint32_t at = pack.index.lower_bound(first->raw()); at < pack.index.size(); ++at)
            if (!take(ObjectId(pack.index.oid(at)))) break;
    std::vector<Error> ignored;
    std::vector<std::string> left_over;
    for (const LooseObject& object : state_->store.list_loose(ignored, left_over))
        take(object.id);
    return found.size() == 1 ? std::optional(*found.begin()) : std::nullopt;
}

bool ObjectReader::has(const ObjectId& id) const {
    if (state_->find(id.raw())) return true;
    for (std::uint32_t i = 0; i < state_->store.directories(); ++i)
        if (os::exists(state_->store.loose_path(i, id))) return true;
    return false;
}

} // namespace stanch::git
