#include "git/pack_stream.h"

#include "git/bytes.h"
#include "git/delta.h"
#include "git/hash.h"
#include "git/inflate.h"
#include "git/pack.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>
#include <vector>
#include <zlib.h>

namespace stanch::git {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t cache_limit = std::size_t{32} << 20;
constexpr std::size_t chain_limit = 10'000; // Git's own deltas are at most 4,095 deep
constexpr std::size_t zlib_ratio = 1'100;   // deflate packs a thousand bytes into one at most

std::unexpected<Error> damaged(std::string what) {
    return fail(ErrorKind::incomplete, "a damaged Git pack: " + std::move(what), {},
                "run 'git fsck'");
}

Hasher hasher_of(ObjectType type, std::uint64_t size, ObjectFormat format) {
    Hasher hasher(format);
    hasher.add(to_string(type));
    hasher.add(" " + std::to_string(size));
    hasher.add("\0"sv);
    return hasher;
}

// The id of a large object, inflated piece by piece; `used` is how long its stream is.
std::optional<ObjectId> hash_stream(std::string_view packed, const EntryHeader& header,
                                    ObjectFormat format, std::size_t& used) {
    constexpr std::size_t most = std::size_t{1} << 30;
    Hasher hasher = hasher_of(header.type, header.size, format);
    z_stream zlib{};
    if (inflateInit(&zlib) != Z_OK) return std::nullopt;
    std::array<char, 65536> buffer{};
    std::uint64_t done = 0;
    int result = Z_OK;
    used = 0;
    while (result == Z_OK && done <= header.size) {
        const std::size_t given = std::min(most, packed.size() - used);
        zlib.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data() + used));
        zlib.avail_in = static_cast<uInt>(given);
        zlib.next_out = reinterpret_cast<Bytef*>(buffer.data());
        zlib.avail_out = buffer.size();
        result = inflate(&zlib, Z_NO_FLUSH);
        used += given - zlib.avail_in;
        const std::size_t got = buffer.size() - zlib.avail_out;
        hasher.add({buffer.data(), got});
        done += got;
    }
    inflateEnd(&zlib);
    if (result != Z_STREAM_END || done != header.size) return std::nullopt;
    return hasher.finish();
}

using SharedObject = std::shared_ptr<const Object>;

class StreamReader {
  public:
    explicit StreamReader(const PackStream& stream) : stream_(stream) {}

    PackStreamEnd run() {
        ByteReader in(stream_.bytes);
        in.take(8);
        end_.announced = in.u32();
        end_.end = pack_header_size;
        if (!in.ok()) note(damaged("too short").error());
        for (std::uint32_t i = 0; in.ok() && going_ && has_more(i); ++i) {
            const auto next = entry(end_.end);
            if (!next) {
                note(next.error());
                break;
            }
            end_.end = *next;
        }
        build_rounds();
        return std::move(end_);
    }

  private:
    struct Entry {
        EntryHeader header; // base_id points into the bytes
        std::uint64_t zlib = 0;
    };

    [[nodiscard]] bool has_more(std::uint32_t read) const {
        if (!stream_.unfinished) return read < end_.announced;
        const std::uint64_t left = stream_.bytes.size() - end_.end;
        if (left == raw_size(stream_.format))
            return !trailer_matches(stream_.format, stream_.bytes);
        return left > 0;
    }

    void note(const Error& error) {
        if (end_.sound) end_.sound = std::unexpected(error);
    }

    // Where the next one begins. Whole objects are used at once.
    Result<std::uint64_t> entry(std::uint64_t at) {
        const std::string_view bytes = stream_.bytes;
        const auto header = parse_entry_header(
            bytes.substr(std::min<std::uint64_t>(at, bytes.size()), entry_header_limit), at,
            stream_.format);
        if (!header) return damaged("no entry at " + std::to_string(at));
        const Entry one{*header, at + header->length};
        std::size_t used = 0;
        if (!header->is_delta() && header->size > stream_.large_limit) {
            STANCH_CHECK(large(one, at, used));
            entries_.emplace(at, one);
            return one.zlib + used;
        }
        STANCH_TRY(std::string content, inflate(one, used));
        entries_.emplace(at, one);
        if (header->is_delta())
            deltas_.push_back(at);
        else
            keep(at, std::make_shared<const Object>(header->type, std::move(content)));
        return one.zlib + used;
    }

    Result<void> large(const Entry& entry, std::uint64_t at, std::size_t& used) {
        const auto id =
            hash_stream(stream_.bytes.substr(entry.zlib), entry.header, stream_.format, used);
        if (!id) return damaged("a zlib stream");
        by_id_.emplace(*id, at);
        use({*id, at, entry.header.type, nullptr});
        return {};
    }

    Result<std::string> inflate(const Entry& entry, std::size_t& used) {
        const std::string_view packed = stream_.bytes.substr(entry.zlib);
        if (entry.header.size > stream_.limit)
            return fail(ErrorKind::incomplete, "an object larger than can be read");
        if (entry.header.size / zlib_ratio > packed.size()) return damaged("it ends early");
        std::string content(entry.header.size, '\0');
        if (!inflater_.inflate(packed, content, used)) return damaged("a zlib stream");
        return content;
    }

    void use(const StreamedObject& object) {
        ++end_.objects;
        if (going_) going_ = stream_.use(object);
    }

    void keep(std::uint64_t at, const SharedObject& object) {
        Hasher hasher = hasher_of(object->type, object->content.size(), stream_.format);
        hasher.add(object->content);
        const ObjectId id = hasher.finish();
        by_id_.emplace(id, at);
        cache(at, object);
        use({id, at, object->type, object.get()});
    }

    void cache(std::uint64_t at, const SharedObject& object) {
        if (object->content.size() > cache_limit / 4) return;
        cached_bytes_ += object->content.size();
        if (cached_bytes_ > cache_limit) {
            cache_.clear();
            cached_bytes_ = object->content.size();
        }
        cache_[at] = object;
    }

    // A base may be named by its id and be a delta itself, so that it is only known in the next
    // round.
    void build_rounds() {
        for (std::size_t before = 0; going_ && !deltas_.empty() && deltas_.size() != before;) {
            before = deltas_.size();
            build_all();
        }
        if (going_ && !deltas_.empty())
            note({ErrorKind::incomplete,
                  "some of its objects build on others that are not in it",
                  {},
                  "fetch from it, and scan the history"});
    }

    // Those whose bases are there; the others stay.
    void build_all() {
        std::vector<std::uint64_t> left;
        for (const std::uint64_t at : deltas_) {
            if (!going_) return;
            const auto object = build(at);
            if (!object)
                note(object.error());
            else if (*object)
                keep(at, *object);
            else
                left.push_back(at);
        }
        deltas_ = std::move(left);
    }

    // Nothing where the chain's end is not here (yet).
    Result<SharedObject> build(std::uint64_t at) {
        std::vector<std::pair<std::uint64_t, std::string>> deltas;
        SharedObject object;
        while (!object) {
            if (const auto cached = cache_.find(at); cached != cache_.end()) {
                object = cached->second;
                break;
            }
            const auto found = entries_.find(at);
            if (found == entries_.end() || deltas.size() > chain_limit)
                return damaged("no base at " + std::to_string(at));
            std::size_t used = 0;
            STANCH_TRY(std::string content, inflate(found->second, used));
            const EntryHeader& header = found->second.header;
            if (!header.is_delta()) {
                object = std::make_shared<const Object>(header.type, std::move(content));
                break;
            }
            deltas.emplace_back(at, std::move(content));
            at = header.base_offset;
            if (at != 0) continue;
            const ObjectId base(header.base_id);
            if (const auto here = by_id_.find(base); here != by_id_.end())
                at = here->second;
            else if (object = from_elsewhere(base); !object)
                return SharedObject();
        }
        return grown(std::move(object), deltas);
    }

    SharedObject from_elsewhere(const ObjectId& base) {
        if (!stream_.elsewhere) return nullptr;
        auto object = stream_.elsewhere(base);
        return object ? std::make_shared<const Object>(*std::move(object)) : nullptr;
    }

    Result<SharedObject> grown(SharedObject object,
                               std::vector<std::pair<std::uint64_t, std::string>>& deltas) {
        std::vector<CopyRun> copies;
        for (; !deltas.empty(); deltas.pop_back()) {
            const auto& [at, delta] = deltas.back();
            const auto sizes = delta_sizes(delta);
            if (!sizes || sizes->result > stream_.limit) return damaged("a delta");
            std::string result(sizes->result, '\0');
            if (!apply_delta(object->content, delta, result, copies)) return damaged("a delta");
            object = std::make_shared<const Object>(object->type, std::move(result));
            if (deltas.size() > 1) cache(at, object);
        }
        return object;
    }

    const PackStream& stream_;
    PackStreamEnd end_;
    Inflater inflater_;
    std::unordered_map<std::uint64_t, Entry> entries_;
    std::vector<std::uint64_t> deltas_; // not built yet
    std::unordered_map<ObjectId, std::uint64_t, ObjectIdHash> by_id_;
    std::unordered_map<std::uint64_t, SharedObject> cache_;
    std::size_t cached_bytes_ = 0;
    bool going_ = true;
};

} // namespace

PackStreamEnd read_pack_stream(const PackStream& stream) {
    return StreamReader(stream).run();
}

} // namespace stanch::git
