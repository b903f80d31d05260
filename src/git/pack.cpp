#include "git/pack.h"

#include "git/bytes.h"
#include "git/hash.h"

#include <algorithm>
#include <array>
#include <vector>

namespace stanch::git {
namespace {

std::unexpected<Error> damaged(const Pack& pack, std::string what) {
    return fail(ErrorKind::incomplete, "the pack is damaged: " + std::move(what), pack.path,
                "run 'git fsck', or clone again");
}

Result<std::string> read_exactly(const os::RandomFile& file, std::uint64_t offset,
                                 std::size_t size) {
    std::string bytes(size, '\0');
    STANCH_TRY(const std::size_t got, file.read_at(offset, bytes));
    bytes.resize(got);
    return bytes;
}

Result<void> hash_whole(const Pack& pack, const os::RandomFile& file, ObjectFormat format,
                        std::string_view trailer) {
    Hasher hasher(format);
    std::vector<char> buffer(1 << 20);
    const std::uint64_t end = file.size() - raw_size(format);
    for (std::uint64_t at = 0; at < end;) {
        const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), end - at);
        STANCH_TRY(const std::size_t got, file.read_at(at, std::span(buffer).first(wanted)));
        if (got == 0) return damaged(pack, "it ends early");
        hasher.add({buffer.data(), got});
        at += got;
    }
    if (hasher.finish().raw() != trailer) return damaged(pack, "its checksum does not match");
    return {};
}

} // namespace

Result<os::RandomFile> open_pack(const Pack& pack, ObjectFormat format) {
    STANCH_TRY(os::RandomFile file, os::RandomFile::open(pack.path));
    if (pack.index.read_until() == 0 && file.size() < pack_header_size + raw_size(format))
        return damaged(pack, "too short");
    return file;
}

Result<void> verify_pack(const Pack& pack, const os::RandomFile& file, ObjectFormat format) {
    if (pack.index.read_until() != 0) return {}; // what it has was found by reading it
    STANCH_TRY(const std::string head, read_exactly(file, 0, pack_header_size));
    ByteReader in(head);
    if (in.take(4) != "PACK") return damaged(pack, "no signature");
    const std::uint32_t version = in.u32();
    if (version != 2 && version != 3) return damaged(pack, "a version that is not known");
    const std::size_t id_size = raw_size(format);
    STANCH_TRY(const std::string trailer, read_exactly(file, file.size() - id_size, id_size));
    const bool whole_index = !pack.index.pack_checksum().empty();
    if (whole_index && in.u32() != pack.index.size())
        return damaged(pack, "its count is not that of its index");
    if (whole_index && trailer != pack.index.pack_checksum())
        return damaged(pack, "its trailer is not that of its index");
    const bool has_crcs = pack.index.size() == 0 || pack.index.crc(0).has_value();
    return has_crcs ? Result<void>{} : hash_whole(pack, file, format, trailer);
}

std::optional<EntryHeader> parse_entry_header(std::string_view bytes, std::uint64_t offset,
                                              ObjectFormat format) {
    ByteReader in(bytes);
    const std::uint8_t first = in.u8();
    EntryHeader header;
    header.size = first & 0x0FU;
    if ((first & 0x80U) != 0) header.size = in.size_number(header.size, 4);
    const unsigned kind = first >> 4 & 7U;
    if (kind == 6) {
        const std::uint64_t back = in.offset_number();
        if (back == 0 || back > offset) return std::nullopt;
        header.base_offset = offset - back;
        if (header.base_offset < pack_header_size) return std::nullopt;
    } else if (kind == 7) {
        header.base_id = in.take(raw_size(format));
    } else if (kind >= 1 && kind <= 4) {
        header.type = static_cast<ObjectType>(kind);
    } else {
        return std::nullopt;
    }
    if (!in.ok()) return std::nullopt;
    header.length = bytes.size() - in.rest().size();
    return header;
}

} // namespace stanch::git
