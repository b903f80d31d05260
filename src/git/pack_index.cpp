#include "git/pack_index.h"

#include "git/bytes.h"
#include "git/hash.h"

#include <algorithm>

namespace stanch::git {
namespace {

constexpr std::size_t fanout_size = std::size_t{256} * 4;
constexpr std::uint32_t large_bit = 0x80000000U;
constexpr std::uint64_t nowhere = ~std::uint64_t{0};
constexpr std::string_view version_2_magic = "\377tOc";

std::unexpected<Error> damaged(std::string what) {
    return fail(ErrorKind::invalid, "the pack index is damaged: " + std::move(what), {},
                "make a new one: 'git index-pack PACK'");
}

std::uint32_t at(const char* table, std::size_t i) {
    return load_big_endian<std::uint32_t>(table + 4 * i);
}

// Four-byte offsets; those with the high bit set are places in the table of eight-byte ones.
std::uint64_t resolve(std::uint32_t offset, std::string_view large) {
    if ((offset & large_bit) == 0) return offset;
    const std::size_t place = std::size_t{offset & ~large_bit} * 8;
    if (place + 8 > large.size()) return nowhere;
    return load_big_endian<std::uint64_t>(large.data() + place);
}

} // namespace

Result<void> PackIndex::check_fanout(std::string_view fanout) {
    fanout_ = fanout.data();
    for (std::size_t i = 1; i < 256; ++i)
        if (at(fanout_, i) < at(fanout_, i - 1)) return damaged("its fan-out descends");
    size_ = at(fanout_, 255);
    return {};
}

Result<void> PackIndex::parse_version_1(std::string_view bytes) {
    if (bytes.size() < fanout_size + 2 * id_size_) return damaged("too short");
    STANCH_CHECK(check_fanout(bytes.substr(0, fanout_size)));
    oid_stride_ = offset_stride_ = 4 + id_size_;
    if (bytes.size() != fanout_size + std::size_t{size_} * oid_stride_ + 2 * id_size_)
        return damaged("its size does not fit its count");
    offsets_ = bytes.data() + fanout_size;
    oids_ = offsets_ + 4;
    return {};
}

Result<void> PackIndex::parse_version_2(std::string_view bytes) {
    constexpr std::size_t head = 8 + fanout_size;
    if (bytes.size() < head + 2 * id_size_) return damaged("too short");
    if (load_big_endian<std::uint32_t>(bytes.data() + 4) != 2)
        return fail(ErrorKind::incomplete, "a pack index of a version that is not known");
    STANCH_CHECK(check_fanout(bytes.substr(8, fanout_size)));
    oid_stride_ = id_size_;
    const std::size_t tables = std::size_t{size_} * (id_size_ + 8);
    if (bytes.size() < head + tables + 2 * id_size_) return damaged("shorter than its count");
    oids_ = bytes.data() + head;
    crcs_ = oids_ + std::size_t{size_} * id_size_;
    offsets_ = crcs_ + std::size_t{size_} * 4;
    large_offsets_ = bytes.substr(head + tables, bytes.size() - head - tables - 2 * id_size_);
    return {};
}

Result<PackIndex> PackIndex::parse(std::string_view bytes, ObjectFormat format) {
    PackIndex index;
    index.format_ = format;
    index.id_size_ = raw_size(format);
    index.all_ = bytes;
    if (bytes.starts_with(version_2_magic)) {
        STANCH_CHECK(index.parse_version_2(bytes));
    } else {
        STANCH_CHECK(index.parse_version_1(bytes));
    }
    index.pack_checksum_ = bytes.substr(bytes.size() - 2 * index.id_size_, index.id_size_);
    return index;
}

Result<PackIndex> PackIndex::open(const std::string& path, ObjectFormat format) {
    STANCH_TRY(os::MappedFile mapped, os::MappedFile::open(path));
    auto file = std::make_shared<const os::MappedFile>(std::move(mapped));
    auto index = parse(file->bytes(), format);
    if (!index) {
        index.error().where = path;
        return index;
    }
    index->file_ = std::move(file);
    return index;
}

PackIndex PackIndex::owning(std::string oids, std::vector<std::uint64_t> offsets,
                            ObjectFormat format) {
    PackIndex index;
    index.format_ = format;
    index.id_size_ = index.oid_stride_ = raw_size(format);
    index.size_ = static_cast<std::uint32_t>(offsets.size());
    index.owned_oids_ = std::make_shared<const std::string>(std::move(oids));
    index.owned_offsets_ = std::make_shared<const std::vector<std::uint64_t>>(std::move(offsets));
    index.oids_ = index.owned_oids_->data();
    return index;
}

PackIndex PackIndex::of(std::vector<Read> objects, std::uint64_t end, ObjectFormat format) {
    std::ranges::stable_sort(objects, {}, &Read::id);
    const auto twice = std::ranges::unique(objects, {}, &Read::id);
    objects.erase(twice.begin(), twice.end());
    std::string oids;
    std::vector<std::uint64_t> offsets;
    for (const Read& object : objects) {
        oids += object.id.raw();
        offsets.push_back(object.offset);
    }
    PackIndex index = owning(std::move(oids), std::move(offsets), format);
    index.read_until_ = end;
    return index;
}

std::uint64_t PackIndex::offset(std::uint32_t position) const {
    if (owned_offsets_) return (*owned_offsets_)[position];
    const char* place = offsets_ + std::size_t{position} * offset_stride_;
    return resolve(load_big_endian<std::uint32_t>(place), large_offsets_);
}

std::optional<std::uint32_t> PackIndex::crc(std::uint32_t position) const {
    if (crcs_ == nullptr) return std::nullopt;
    return at(crcs_, position);
}

std::uint32_t PackIndex::lower_bound(std::string_view raw_oid) const {
    const auto first = static_cast<std::uint8_t>(raw_oid[0]);
    std::uint32_t low = 0;
    std::uint32_t high = size_;
    if (fanout_ != nullptr) {
        low = first == 0 ? 0 : at(fanout_, first - 1U);
        high = at(fanout_, first);
    }
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (oid(middle) < raw_oid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

std::optional<std::uint32_t> PackIndex::find(std::string_view raw_oid) const {
    const std::uint32_t found = lower_bound(raw_oid);
    return found < size_ && oid(found) == raw_oid ? std::optional(found) : std::nullopt;
}

Result<void> PackIndex::verify() const {
    for (std::uint32_t i = 1; i < size_; ++i)
        if (oid(i - 1) >= oid(i)) return damaged("its ids do not ascend");
    if (all_.empty() || trailer_matches(format_, all_)) return {};
    return damaged("its checksum does not match");
}

std::optional<std::string_view> PackIndex::contiguous_oids() const {
    if (oid_stride_ != id_size_) return std::nullopt;
    return std::string_view(oids_, std::size_t{size_} * id_size_);
}

Result<MultiPackIndex> MultiPackIndex::open(const std::string& path, ObjectFormat format) {
    STANCH_TRY(os::MappedFile mapped, os::MappedFile::open(path));
    auto file = std::make_shared<const os::MappedFile>(std::move(mapped));
    auto index = parse(file->bytes(), format);
    if (!index) {
        index.error().where = path;
        return index;
    }
    index->file_ = std::move(file);
    return index;
}

Result<MultiPackIndex> MultiPackIndex::parse(std::string_view bytes, ObjectFormat format) {
    MultiPackIndex index;
    index.format_ = format;
    index.all_ = bytes;
    STANCH_CHECK(index.read_chunks());
    return index;
}

// "MIDX", version, hash version, number of chunks, of base files, of packs; then a table of
// (chunk's name, offset), closed by one with name 0.
Result<void> MultiPackIndex::read_chunks() {
    ByteReader in(all_);
    if (in.take(4) != "MIDX") return damaged("no signature");
    const unsigned version = in.u8();
    const unsigned hash = in.u8();
    const unsigned chunks = in.u8();
    in.u8();
    const std::uint32_t packs = in.u32();
    if (!in.ok() || version != 1 || hash != (format_ == ObjectFormat::sha1 ? 1U : 2U))
        return fail(ErrorKind::incomplete, "a multi-pack-index of a version that is not known");
    std::string_view names;
    std::string_view fanout;
    std::string_view name = in.take(4);
    std::uint64_t offset = in.u64();
    for (unsigned i = 0; i < chunks && in.ok(); ++i) {
        const std::string_view next_name = in.take(4);
        const std::uint64_t next = in.u64();
        if (next < offset || next > all_.size()) return damaged("a chunk outside of the file");
        const std::string_view content = all_.substr(offset, next - offset);
        if (name == "PNAM") names = content;
        if (name == "OIDF") fanout = content;
        if (name == "OIDL") oids_ = content;
        if (name == "OOFF") offsets_ = content;
        if (name == "LOFF") large_offsets_ = content;
        name = next_name;
        offset = next;
    }
    if (!in.ok() || fanout.size() != fanout_size) return damaged("a chunk is missing");
    size_ = at(fanout.data(), 255);
    if (oids_.size() != std::size_t{size_} * raw_size(format_) ||
        offsets_.size() != std::size_t{size_} * 8)
        return damaged("its chunks do not fit its count");
    ByteReader list(names);
    for (std::uint32_t i = 0; i < packs; ++i) {
        names_.emplace_back(list.until('\0'));
        if (!list.ok()) return damaged("a pack without a name");
    }
    return {};
}

Result<PackIndex> MultiPackIndex::index_of(std::uint32_t pack) const {
    const std::size_t id_size = raw_size(format_);
    std::string oids;
    std::vector<std::uint64_t> offsets;
    for (std::uint32_t i = 0; i < size_; ++i) {
        if (at(offsets_.data(), 2 * std::size_t{i}) != pack) continue;
        oids.append(oids_.substr(std::size_t{i} * id_size, id_size));
        const std::uint32_t offset = at(offsets_.data(), 2 * std::size_t{i} + 1);
        // Without the table of large offsets, the high bit is an ordinary one.
        offsets.push_back(large_offsets_.empty() ? offset : resolve(offset, large_offsets_));
    }
    return PackIndex::owning(std::move(oids), std::move(offsets), format_);
}

Result<void> MultiPackIndex::verify() const {
    if (trailer_matches(format_, all_)) return {};
    return damaged("its checksum does not match");
}

} // namespace stanch::git
