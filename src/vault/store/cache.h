// The vault's ciphertext on disk, laid out so that one value is found without reading the rest.
//
//     header    magic, revision, times, the place and BLAKE2b-256 of each section, and a MAC over
//     all that table     a fixed record an item: keyed hashes of its name and id, where its other
//     parts are, its body's hash names     an index record an item: type, owner, places, item key,
//     name and user name (all ciphertext) keys      each organization's key, wrapped again under
//     the user key (saves the RSA operation of every run) places    JSON: profile, folders,
//     collections, Sends as they came from the server bodies    each item's JSON as it came from
//     the server
//
// The MAC's key comes from the user key, so that only its holder can write a cache: a changed,
// mixed up or shortened file is refused (ErrorKind::invalid) and fetched again. EncStrings have
// their own MAC, but nothing in them says which item and field they belong to; this one binds them.
// Nothing in the file is plain text but ids, types and dates.
//
// The file is replaced as a whole (os::write_file). Integers are little-endian.
#pragma once

#include "os/random_file.h"
#include "vault/crypto/keys.h"
#include "vault/wire/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stanch::vault {

// One record of the index. Binary fields are EncArrayBuffers.
struct Entry {
    std::uint8_t type = 0; // 1 login … 5 SSH key; newer ones are kept, not shown
    bool deleted = false;
    bool readable = false;          // its name could be opened when the cache was written
    std::int32_t organization = -1; // index into Cache::organizations
    std::string folder_id;
    std::vector<std::string> collection_ids;
    std::string item_key; // empty: none
    std::string name;
    std::string username; // empty: none
    std::string id;
};

// Where an item's parts are in the file.
struct Slot {
    std::uint64_t name_hash = 0;
    std::uint64_t id_hash = 0;
    std::uint64_t entry_offset = 0;
    std::uint64_t body_offset = 0;
    std::uint32_t entry_size = 0;
    std::uint32_t body_size = 0;
    std::string body_digest; // 16 bytes
};

struct CachedOrganization {
    std::string id;
    std::string wrapped_key; // under the user key; EncArrayBuffer
};

class Cache {
  public:
    // Reads and checks the header and the table only.
    static Result<Cache> open(const std::string& path, const Key& user_key,
                              std::string_view user_id);

    [[nodiscard]] std::int64_t revision() const { return revision_; }   // the server's, ms
    [[nodiscard]] std::int64_t synced_at() const { return synced_at_; } // Unix seconds
    [[nodiscard]] std::size_t size() const;                             // items
    [[nodiscard]] const std::vector<CachedOrganization>& organizations() const {
        return organizations_;
    }

    // The slots whose name or id is exactly this (a hash collision aside: look at the item).
    [[nodiscard]] std::vector<std::size_t> named(std::string_view name) const;
    [[nodiscard]] std::vector<std::size_t> with_id(std::string_view id) const;

    [[nodiscard]] Result<std::vector<Entry>> entries() const;
    [[nodiscard]] Result<Json> body(std::size_t slot) const;
    [[nodiscard]] Result<Json> places() const;

  private:
    struct Section {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        std::string digest;
    };
    friend class CacheWriter;
    explicit Cache(os::RandomFile file) : file_(std::move(file)) {}
    [[nodiscard]] Result<Bytes> section(const Section& section) const;
    Result<void> read_header(const Key& user_key, std::string_view user_id);
    Result<void> read_table();
    [[nodiscard]] Slot slot(std::size_t index) const;
    // `offset` is the hash's place in a record.
    [[nodiscard]] std::vector<std::size_t> with_hash(std::uint64_t hash, std::size_t offset) const;
    Result<void> read_keys();

    os::RandomFile file_;
    Secret name_key_;
    std::int64_t revision_ = 0;
    std::int64_t synced_at_ = 0;
    Section table_, names_, keys_, places_, bodies_;
    Bytes slots_; // the table as it stands in the file: 10,000 items are 0.5 MB
    std::vector<CachedOrganization> organizations_;
};

// What is written of one item.
struct CacheItem {
    Entry entry;
    Secret plain_name; // for its keyed hash; may be empty
    Bytes body;
};

struct CacheContent {
    std::int64_t revision = 0;
    std::int64_t synced_at = 0;
    std::vector<CachedOrganization> organizations;
    Json places;
    std::vector<CacheItem> items;
};

Result<void> write_cache(const std::string& path, const CacheContent& content, const Key& user_key,
                         std::string_view user_id);

} // namespace stanch::vault
