#include "git/embedded.h"

#include "git/hash.h"
#include "git/inflate.h"
#include "git/loose.h"
#include "git/pack_stream.h"

#include <algorithm>

namespace stanch::git {
namespace {

using namespace std::string_view_literals;

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

Result<void> read_pack(std::string_view bytes, ObjectFormat format, std::uint64_t limit,
                       const UseObject& use) {
    if (embedded_kind(bytes) != Embedded::pack) return damaged("no signature");
    std::uint32_t large = 0;
    PackStream stream;
    stream.bytes = bytes;
    stream.format = format;
    stream.limit = stream.large_limit = limit;
    stream.use = [&](const StreamedObject& object) {
        if (object.object != nullptr) return use(object.id, *object.object);
        ++large;
        return true;
    };
    const PackStreamEnd end = read_pack_stream(stream);
    if (end.sound && large > 0)
        return fail(ErrorKind::incomplete, "objects larger than can be read", {},
                    "unpack it, and scan the history");
    return end.sound;
}

// Lines of capabilities ("@…"), of prerequisites ("-ID") and refs, an empty one, the pack.
Result<void> read_bundle(std::string_view bytes, std::uint64_t limit, const UseObject& use) {
    ObjectFormat format = ObjectFormat::sha1;
    std::string filter;
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1);
        const std::string_view line = bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        if (line == "@object-format=sha256") format = ObjectFormat::sha256;
        if (line.starts_with("@filter=")) filter = line;
        if (!line.empty()) continue;
        STANCH_CHECK(read_pack(bytes, format, limit, use));
        if (!filter.empty())
            return fail(ErrorKind::incomplete, "a partial bundle: " + filter, {},
                        "clone without a filter, and scan the history");
        return {};
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
