#include "vault/store/bytes.h"
#include "vault/store/cache.h"
#include "vault/store/cache_format.h"
#include "vault/store/digest.h"
#include "vault/wire/id.h"

#include <sodium.h>

namespace stanch::vault {
namespace {

std::unexpected<Error> damaged(const std::string& path) {
    return fail(ErrorKind::invalid,
                "the vault's cache was changed or cut short, or belongs to another account", path,
                "run 'stanch vault sync'");
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Slot read_slot(ByteReader& in) {
    Slot slot;
    slot.name_hash = in.number<std::uint64_t>();
    slot.id_hash = in.number<std::uint64_t>();
    slot.entry_offset = in.number<std::uint64_t>();
    slot.body_offset = in.number<std::uint64_t>();
    slot.entry_size = in.number<std::uint32_t>();
    slot.body_size = in.number<std::uint32_t>();
    slot.body_digest = in.raw(body_digest_size);
    return slot;
}

Entry read_entry(ByteReader& in) {
    Entry entry;
    entry.type = in.number<std::uint8_t>();
    const auto flags = in.number<std::uint8_t>();
    entry.deleted = (flags & 1) != 0;
    entry.readable = (flags & 2) != 0;
    entry.organization = static_cast<std::int32_t>(in.number<std::uint32_t>());
    entry.id = in.string();
    entry.folder_id = in.string();
    const auto collections = in.number<std::uint16_t>();
    for (std::uint16_t i = 0; i < collections && !in.failed(); ++i)
        entry.collection_ids.emplace_back(in.string());
    entry.item_key = in.string();
    entry.name = in.string();
    entry.username = in.string();
    return entry;
}

} // namespace

Result<Bytes> Cache::section(const Section& section) const {
    Bytes bytes(section.size);
    STANCH_TRY(const std::size_t read, file_.read_at(section.offset, bytes));
    if (read != bytes.size() || !same(blake2b(view(bytes), cache_digest_size), section.digest))
        return damaged(file_.path());
    return bytes;
}

Result<void> Cache::read_header(const Key& user_key, std::string_view user_id) {
    Bytes bytes(cache_header_size);
    STANCH_TRY(const std::size_t read, file_.read_at(0, bytes));
    if (read != bytes.size()) return damaged(file_.path());
    const std::string_view header = view(bytes);
    const std::size_t authenticated = cache_header_size - cache_digest_size;
    const std::string mac = blake2b(header.substr(0, authenticated), cache_digest_size,
                                    cache_mac_key(user_key).reveal());
    ByteReader in(header);
    if (!same(mac, header.substr(authenticated)) || in.raw(cache_magic.size()) != cache_magic ||
        !same(in.raw(cache_digest_size), blake2b(user_id, cache_digest_size)))
        return damaged(file_.path());
    revision_ = in.number<std::int64_t>();
    synced_at_ = in.number<std::int64_t>();
    for (Section* section : {&table_, &names_, &keys_, &places_, &bodies_}) {
        section->offset = in.number<std::uint64_t>();
        section->size = in.number<std::uint64_t>();
        section->digest = in.raw(cache_digest_size);
        if (section->offset > file_.size() || section->size > file_.size() - section->offset)
            return damaged(file_.path());
    }
    return {};
}

Result<void> Cache::read_table() {
    STANCH_TRY(slots_, section(table_));
    if (slots_.size() % cache_slot_size != 0) return damaged(file_.path());
    return {};
}

std::size_t Cache::size() const {
    return slots_.size() / cache_slot_size;
}

Slot Cache::slot(std::size_t index) const {
    ByteReader in(view(slots_).substr(index * cache_slot_size, cache_slot_size));
    return read_slot(in);
}

Result<void> Cache::read_keys() {
    STANCH_TRY(const Bytes bytes, section(keys_));
    ByteReader in(view(bytes));
    while (!in.at_end() && !in.failed()) {
        const std::string id(in.string());
        organizations_.push_back({id, std::string(in.string())});
    }
    return in.failed() ? damaged(file_.path()) : Result<void>();
}

Result<Cache> Cache::open(const std::string& path, const Key& user_key, std::string_view user_id) {
    STANCH_TRY(os::RandomFile file, os::RandomFile::open(path));
    Cache cache(std::move(file));
    cache.name_key_ = cache_name_key(user_key);
    STANCH_CHECK(cache.read_header(user_key, user_id));
    STANCH_CHECK(cache.read_table());
    STANCH_CHECK(cache.read_keys());
    return cache;
}

std::vector<std::size_t> Cache::with_hash(std::uint64_t hash, std::size_t offset) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < size(); ++i)
        if (ByteReader(view(slots_).substr(i * cache_slot_size + offset, sizeof hash))
                .number<std::uint64_t>() == hash)
            found.push_back(i);
    return found;
}

std::vector<std::size_t> Cache::named(std::string_view name) const {
    return with_hash(cache_hash(name, name_key_), 0);
}

std::vector<std::size_t> Cache::with_id(std::string_view id) const {
    return with_hash(cache_hash(plain_id(id), name_key_), sizeof(std::uint64_t));
}

Result<std::vector<Entry>> Cache::entries() const {
    STANCH_TRY(const Bytes bytes, section(names_));
    ByteReader in(view(bytes));
    std::vector<Entry> all;
    all.reserve(size());
    for (std::size_t i = 0; i < size(); ++i)
        all.push_back(read_entry(in));
    if (in.failed()) return damaged(file_.path());
    return all;
}

Result<Json> Cache::body(std::size_t index) const {
    if (index >= size()) return damaged(file_.path());
    const Slot at = slot(index);
    Bytes bytes(at.body_size);
    STANCH_TRY(const std::size_t read, file_.read_at(bodies_.offset + at.body_offset, bytes));
    if (read != bytes.size() || !same(blake2b(view(bytes), body_digest_size), at.body_digest))
        return damaged(file_.path());
    return Json::parse(view(bytes), "the cached item");
}

Result<Json> Cache::places() const {
    STANCH_TRY(const Bytes bytes, section(places_));
    return Json::parse(view(bytes), "the cache");
}

} // namespace stanch::vault
