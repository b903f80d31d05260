#include "git/embedded.h"

#include "git/bytes.h"
#include "git/delta.h"
#include "git/hash.h"
#include "git/inflate.h"
#include "git/loose.h"
#include "git/pack.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace stanch::git {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t cache_limit = std::size_t{16} << 20;
constexpr std::size_t chain_limit = 10'000; // Git's own deltas are at most 4,095 deep
constexpr std::size_t zlib_ratio = 1'100;   // deflate packs a thousand bytes into one at most

std::unexpected<Error> damaged(std::string what) {
    return fail(ErrorKind::incomplete, "a damaged Git pack: " + std::move(what));
}

ObjectId id_of(const Object& object, ObjectFormat format) {
    Hasher hasher(format);
    hasher.add(to_string(object.type));
    hasher.add(" " + std::to_string(object.content.size()));
    hasher.add("\0"sv);
    hasher.add(object.content);
    return hasher.finish();
}

using SharedObject = std::shared_ptr<const Object>;

// A pack in memory: one pass over its entries, which finds where each begins, then the deltas.
class PackReader {
  public:
    PackReader(std::string_view bytes, ObjectFormat format, std::uint64_t limit,
               const UseObject& use)
        : bytes_(bytes), format_(format), limit_(limit), use_(use) {}

    Result<void> run() {
        ByteReader in(bytes_);
        in.take(8);
        const std::uint32_t count = in.u32();
        if (!in.ok()) return damaged("too short");
        std::uint64_t at = pack_header_size;
        for (std::uint32_t i = 0; i < count && going_; ++i) {
            STANCH_TRY(at, entry(at));
        }
        while (going_ && !deltas_.empty()) {
            const std::size_t before = deltas_.size();
            STANCH_CHECK(build_all());
            if (deltas_.size() == before)
                return fail(ErrorKind::incomplete,
                            "some of its objects build on others that are not in it", {},
                            "fetch from it, and scan the history");
        }
        return {};
    }

  private:
    struct Entry {
        EntryHeader header; // base_id points into the bytes
        std::uint64_t zlib = 0;
    };

    // Where the next one begins. Whole objects are used at once.
    Result<std::uint64_t> entry(std::uint64_t at) {
        const auto header = parse_entry_header(
            bytes_.substr(std::min<std::uint64_t>(at, bytes_.size()), entry_header_limit), at,
            format_);
        if (!header) return damaged("no entry at " + std::to_string(at));
        const Entry one{*header, at + header->length};
        std::size_t used = 0;
        STANCH_TRY(std::string content, inflate(one, used));
        entries_.emplace(at, one);
        if (header->is_delta())
            deltas_.push_back(at);
        else
            keep(at, std::make_shared<const Object>(header->type, std::move(content)));
        return one.zlib + used;
    }

    Result<std::string> inflate(const Entry& entry, std::size_t& used) {
        const std::string_view packed = bytes_.substr(entry.zlib);
        if (entry.header.size > limit_)
            return fail(ErrorKind::incomplete, "an object larger than can be read");
        if (entry.header.size / zlib_ratio > packed.size()) return damaged("it ends early");
        std::string content(entry.header.size, '\0');
        if (!inflater_.inflate(packed, content, used)) return damaged("a zlib stream");
        return content;
    }

    void keep(std::uint64_t at, const SharedObject& object) {
        const ObjectId id = id_of(*object, format_);
        by_id_.emplace(id, at);
        cache(at, object);
        if (going_) going_ = use_(id, *object);
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

    // Those whose bases are there; the others stay.
    Result<void> build_all() {
        std::vector<std::uint64_t> left;
        for (const std::uint64_t at : deltas_) {
            if (!going_) return {};
            STANCH_TRY(const SharedObject object, build(at));
            if (object)
                keep(at, object);
            else
                left.push_back(at);
        }
        deltas_ = std::move(left);
        return {};
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
            const auto base = by_id_.find(ObjectId(header.base_id));
            if (base == by_id_.end()) return SharedObject();
            at = base->second;
        }
        return grown(std::move(object), deltas);
    }

    Result<SharedObject> grown(SharedObject object,
                               std::vector<std::pair<std::uint64_t, std::string>>& deltas) {
        std::vector<CopyRun> copies;
        for (; !deltas.empty(); deltas.pop_back()) {
            const auto& [at, delta] = deltas.back();
            const auto sizes = delta_sizes(delta);
            if (!sizes || sizes->result > limit_) return damaged("a delta");
            std::string result(sizes->result, '\0');
            if (!apply_delta(object->content, delta, result, copies)) return damaged("a delta");
            object = std::make_shared<const Object>(object->type, std::move(result));
            if (deltas.size() > 1) cache(at, object);
        }
        return object;
    }

    std::string_view bytes_;
    ObjectFormat format_;
    std::uint64_t limit_;
    const UseObject& use_;
    Inflater inflater_;
    std::unordered_map<std::uint64_t, Entry> entries_;
    std::vector<std::uint64_t> deltas_; // not built yet
    std::unordered_map<ObjectId, std::uint64_t, ObjectIdHash> by_id_;
    std::unordered_map<std::uint64_t, SharedObject> cache_;
    std::size_t cached_bytes_ = 0;
    bool going_ = true;
};

Result<void> read_pack(std::string_view bytes, ObjectFormat format, std::uint64_t limit,
                       const UseObject& use) {
    if (embedded_kind(bytes) != Embedded::pack) return damaged("no signature");
    return PackReader(bytes, format, limit, use).run();
}

// Lines of capabilities ("@…"), of prerequisites ("-ID") and refs, an empty one, the pack.
Result<void> read_bundle(std::string_view bytes, std::uint64_t limit, const UseObject& use) {
    ObjectFormat format = ObjectFormat::sha1;
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1);
        const std::string_view line = bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        if (line == "@object-format=sha256") format = ObjectFormat::sha256;
        if (line.starts_with("@filter="))
            return fail(ErrorKind::incomplete, "a partial bundle: " + std::string(line));
        if (line.empty()) return read_pack(bytes, format, limit, use);
    }
    return damaged("a bundle without one");
}

Result<void> read_loose(std::string_view bytes, std::uint64_t limit, const UseObject& use) {
    Inflater inflater;
    const auto object = parse_loose(bytes, inflater, limit);
    if (!object) return fail(ErrorKind::invalid, "no loose object");
    use(id_of(*object, ObjectFormat::sha1), *object);
    return {};
}

} // namespace

Embedded embedded_kind(std::string_view head) {
    if (head.starts_with("PACK\0\0\0\2"sv) || head.starts_with("PACK\0\0\0\3"sv))
        return Embedded::pack;
    if (head.starts_with("# v2 git bundle\n") || head.starts_with("# v3 git bundle\n"))
        return Embedded::bundle;
    // A zlib stream with the usual window, and a check that divides by 31 (RFC 1950).
    if (head.size() < 8 || head[0] != '\x78') return Embedded::none;
    return (0x7800U + static_cast<unsigned char>(head[1])) % 31 == 0 ? Embedded::loose
                                                                     : Embedded::none;
}

Result<void> read_embedded(std::string_view bytes, std::uint64_t limit, const UseObject& use) {
    switch (embedded_kind(bytes)) {
    case Embedded::loose:
        return read_loose(bytes, limit, use);
    case Embedded::pack:
        return read_pack(bytes,
                         trailer_matches(ObjectFormat::sha256, bytes) ? ObjectFormat::sha256
                                                                      : ObjectFormat::sha1,
                         limit, use);
    case Embedded::bundle:
        return read_bundle(bytes, limit, use);
    case Embedded::none:
        break;
    }
    return fail(ErrorKind::invalid, "nothing of Git's");
}

} // namespace stanch::git
