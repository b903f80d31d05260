// Which objects a pack holds and where: .idx files of version 1 and 2, and multi-pack-index.
//
// open() checks everything that a lookup relies on (sizes, fan-out, order of the fan-out); the
// trailing hash is verify()'s, since it reads the whole file. Immutable, any thread.
#pragma once

#include "core/result.h"
#include "git/object_id.h"
#include "os/random_file.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::git {

class PackIndex {
  public:
    static Result<PackIndex> open(const std::string& path, ObjectFormat format);
    // The bytes must outlive the index.
    static Result<PackIndex> parse(std::string_view bytes, ObjectFormat format);
    // Of a pack that was read from its head on (git/pack_stream.h); `end` is where its last entry
    // ends. Of an object that stands in it twice, the first counts.
    struct Read {
        ObjectId id;
        std::uint64_t offset = 0;
    };
    static PackIndex of(std::vector<Read> objects, std::uint64_t end, ObjectFormat format);

    [[nodiscard]] std::uint32_t size() const { return size_; }
    // Raw ids, ascending by position.
    [[nodiscard]] std::string_view oid(std::uint32_t position) const {
        return {oids_ + std::size_t{position} * oid_stride_, id_size_};
    }
    // Where in the pack its entry begins; past any file's end where the index contradicts itself.
    [[nodiscard]] std::uint64_t offset(std::uint32_t position) const;
    // Of the packed bytes; version 1 and multi-pack-indexes have none.
    [[nodiscard]] bool has_crcs() const { return crcs_ != nullptr; }
    [[nodiscard]] std::optional<std::uint32_t> crc(std::uint32_t position) const;
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view raw_oid) const;
    // The first position whose id is not less than this one.
    [[nodiscard]] std::uint32_t lower_bound(std::string_view raw_oid) const;
    // The trailer of the pack that this was made from; empty from a multi-pack-index.
    [[nodiscard]] std::string_view pack_checksum() const { return pack_checksum_; }
    // Made by of(): the pack was read as a whole, up to here; 0: not so, it ends with its trailer.
    [[nodiscard]] std::uint64_t read_until() const { return read_until_; }
    // Ids ascend and the file's own hash is right.
    [[nodiscard]] Result<void> verify() const;
    // All ids, one directly behind the other, if they lie so in memory (version 2).
    [[nodiscard]] std::optional<std::string_view> contiguous_oids() const;

  private:
    friend class MultiPackIndex;
    Result<void> parse_version_1(std::string_view bytes);
    Result<void> parse_version_2(std::string_view bytes);
    Result<void> check_fanout(std::string_view fanout);
    static PackIndex owning(std::string oids, std::vector<std::uint64_t> offsets,
                            ObjectFormat format);

    ObjectFormat format_ = ObjectFormat::sha1;
    std::size_t id_size_ = 20;
    std::uint32_t size_ = 0;
    const char* fanout_ = nullptr;
    const char* oids_ = nullptr;
    std::size_t oid_stride_ = 20;
    const char* crcs_ = nullptr;
    const char* offsets_ = nullptr;
    std::size_t offset_stride_ = 4;
    std::string_view large_offsets_;
    std::string_view pack_checksum_;
    std::string_view all_;
    std::shared_ptr<const os::MappedFile> file_;
    std::uint64_t read_until_ = 0;
    // Of one pack's share of a multi-pack-index, or of one that was made here.
    std::shared_ptr<const std::string> owned_oids_;
    std::shared_ptr<const std::vector<std::uint64_t>> owned_offsets_;
};

// One index over many packs. Git keeps the packs' own indexes beside it; where one is gone, this
// still tells what the pack holds.
class MultiPackIndex {
  public:
    static Result<MultiPackIndex> open(const std::string& path, ObjectFormat format);
    static Result<MultiPackIndex> parse(std::string_view bytes, ObjectFormat format);

    // "pack-….idx", in the order of the packs' numbers.
    [[nodiscard]] const std::vector<std::string>& pack_names() const { return names_; }
    // The objects that it takes from this pack (an object in several packs is taken from one).
    [[nodiscard]] Result<PackIndex> index_of(std::uint32_t pack) const;
    [[nodiscard]] Result<void> verify() const;

  private:
    Result<void> read_chunks();

    ObjectFormat format_ = ObjectFormat::sha1;
    std::string_view all_;
    std::string_view oids_;
    std::string_view offsets_;
    std::string_view large_offsets_;
    std::uint32_t size_ = 0;
    std::vector<std::string> names_;
    std::shared_ptr<const os::MappedFile> file_;
};

} // namespace stanch::git
