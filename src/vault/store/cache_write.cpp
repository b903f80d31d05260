#include "vault/store/bytes.h"
#include "vault/store/cache.h"
#include "vault/store/cache_format.h"
#include "vault/store/digest.h"
#include "vault/wire/id.h"

#include "os/store.h"

namespace stanch::vault {
namespace {

void write_entry(ByteWriter& out, const Entry& entry) {
    out.number(entry.type);
    out.number(static_cast<std::uint8_t>((entry.deleted ? 1 : 0) | (entry.readable ? 2 : 0)));
    out.number(static_cast<std::uint32_t>(entry.organization));
    out.string(entry.id);
    out.string(entry.folder_id);
    out.number(static_cast<std::uint16_t>(entry.collection_ids.size()));
    for (const std::string& id : entry.collection_ids)
        out.string(id);
    out.string(entry.item_key);
    out.string(entry.name);
    out.string(entry.username);
}

void write_slot(ByteWriter& out, const Slot& slot) {
    out.number(slot.name_hash);
    out.number(slot.id_hash);
    out.number(slot.entry_offset);
    out.number(slot.body_offset);
    out.number(slot.entry_size);
    out.number(slot.body_size);
    out.raw(slot.body_digest);
}

struct Sections {
    Bytes table, names, keys, places, bodies;
};

Sections lay_out(const CacheContent& content, const Secret& name_key) {
    Sections s;
    ByteWriter table(s.table);
    ByteWriter names(s.names);
    ByteWriter keys(s.keys);
    for (const CacheItem& item : content.items) {
        Slot slot;
        slot.entry_offset = s.names.size();
        write_entry(names, item.entry);
        slot.entry_size = static_cast<std::uint32_t>(s.names.size() - slot.entry_offset);
        slot.body_offset = s.bodies.size();
        slot.body_size = static_cast<std::uint32_t>(item.body.size());
        slot.body_digest = blake2b(view(item.body), body_digest_size);
        slot.name_hash = cache_hash(item.plain_name.reveal(), name_key);
        slot.id_hash = cache_hash(plain_id(item.entry.id), name_key);
        append(s.bodies, view(item.body));
        write_slot(table, slot);
    }
    for (const CachedOrganization& organization : content.organizations) {
        keys.string(organization.id);
        keys.string(organization.wrapped_key);
    }
    s.places = content.places.dump();
    return s;
}

} // namespace

Result<void> write_cache(const std::string& path, const CacheContent& content, const Key& user_key,
                         std::string_view user_id) {
    const Sections s = lay_out(content, cache_name_key(user_key));
    Bytes file;
    ByteWriter out(file);
    out.raw(cache_magic);
    out.raw(blake2b(user_id, cache_digest_size));
    out.number(content.revision);
    out.number(content.synced_at);
    std::uint64_t offset = cache_header_size;
    for (const Bytes* section : {&s.table, &s.names, &s.keys, &s.places, &s.bodies}) {
        out.number(offset);
        out.number(std::uint64_t{section->size()});
        // A body has a digest of its own, in the table.
        out.raw(section == &s.bodies ? std::string(cache_digest_size, '\0')
                                     : blake2b(view(*section), cache_digest_size));
        offset += section->size();
    }
    out.raw(blake2b(view(file), cache_digest_size, cache_mac_key(user_key).reveal()));
    for (const Bytes* section : {&s.table, &s.names, &s.keys, &s.places, &s.bodies})
        out.raw(view(*section));
    os::remove_leftovers(path);
    return os::write_file(path, view(file));
}

} // namespace stanch::vault
