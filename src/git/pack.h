// One packfile (gitformat-pack(5)): its entries' headers and packed bytes.
#pragma once

#include "core/result.h"
#include "git/object.h"
#include "git/pack_index.h"
#include "os/random_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stanch::git {

struct Pack {
    std::string path; // of the .pack
    PackIndex index;
    bool promisor = false; // came from a promisor remote: what it refers to may be missing
};

inline constexpr std::uint64_t pack_header_size = 12;

// Opens the pack's file, and checks that it is what its index was made from: signature, version,
// count, trailer. With a version 1 index, which has no CRCs, the pack is hashed as a whole.
Result<os::RandomFile> open_pack(const Pack& pack, ObjectFormat format);
Result<void> verify_pack(const Pack& pack, const os::RandomFile& file, ObjectFormat format);

// What stands before an entry's zlib stream.
struct EntryHeader {
    ObjectType type = ObjectType::none; // none: a delta
    std::uint64_t size = 0;             // inflated, of the delta itself if it is one
    std::uint64_t base_offset = 0;      // OFS_DELTA: where its base begins; 0: not one
    std::string_view base_id;           // REF_DELTA: raw; empty: not one
    std::size_t length = 0;             // of this header

    [[nodiscard]] bool is_delta() const { return type == ObjectType::none; }
};
inline constexpr std::size_t entry_header_limit = 64;

// `bytes` begins at the entry; `offset` is where that is in the pack. nullopt: damaged.
std::optional<EntryHeader> parse_entry_header(std::string_view bytes, std::uint64_t offset,
                                              ObjectFormat format);

} // namespace stanch::git
