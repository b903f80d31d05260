#include "git/object_stream.h"

#include "git/loose.h"
#include "os/file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <optional>
#include <vector>
#include <zlib.h>

namespace stanch::git {
namespace {

constexpr std::size_t packed_buffer = 65536;

// zlib and not libdeflate, which inflates whole streams only.
class ZlibStream : public ObjectStream {
  public:
    ZlibStream(const os::RandomFile& file, std::uint64_t begin, std::uint64_t end)
        : file_(file), at_(begin), end_(end), packed_(packed_buffer) {
        if (inflateInit(&zlib_) != Z_OK) throw std::bad_alloc();
    }
    ~ZlibStream() override { inflateEnd(&zlib_); }
    ZlibStream(const ZlibStream&) = delete;
    ZlibStream& operator=(const ZlibStream&) = delete;

    void expect(std::uint64_t size) { left_ = size; }

    Result<std::size_t> read(std::span<char> buffer) override {
        std::size_t done = 0;
        while (done < buffer.size() && !ended_) {
            if (zlib_.avail_in == 0) {
                STANCH_CHECK(refill());
            }
            STANCH_TRY(const std::size_t got, step(buffer.subspan(done)));
            done += got;
        }
        if (!left_) return done;
        if (done > *left_ || (ended_ && done != *left_)) return damaged();
        *left_ -= done;
        return done;
    }

  private:
    std::unexpected<Error> damaged() {
        return fail(ErrorKind::incomplete, "a damaged object: its zlib stream", file_.path(),
                    "run 'git fsck'");
    }

    Result<void> refill() {
        const std::size_t wanted = std::min<std::uint64_t>(packed_.size(), end_ - at_);
        STANCH_TRY(const std::size_t got, file_.read_at(at_, std::span(packed_).first(wanted)));
        if (got == 0) return damaged();
        at_ += got;
        zlib_.next_in = reinterpret_cast<Bytef*>(packed_.data());
        zlib_.avail_in = static_cast<uInt>(got);
        return {};
    }

    Result<std::size_t> step(std::span<char> into) {
        const std::size_t room = std::min<std::size_t>(into.size(), std::size_t{1} << 30);
        zlib_.next_out = reinterpret_cast<Bytef*>(into.data());
        zlib_.avail_out = static_cast<uInt>(room);
        const int result = inflate(&zlib_, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return damaged();
        ended_ = result == Z_STREAM_END;
        return room - zlib_.avail_out;
    }

    const os::RandomFile& file_;
    std::uint64_t at_;
    std::uint64_t end_;
    std::vector<char> packed_;
    z_stream zlib_{};
    bool ended_ = false;
    std::optional<std::uint64_t> left_; // what the object's header promised
};

// What was read ahead to see a loose object's header, then the rest.
class WithHead : public ObjectStream {
  public:
    WithHead(std::string head, std::unique_ptr<ZlibStream> rest)
        : head_(std::move(head)), rest_(std::move(rest)) {}

    Result<std::size_t> read(std::span<char> buffer) override {
        const std::size_t from_head = std::min(buffer.size(), head_.size() - taken_);
        std::memcpy(buffer.data(), head_.data() + taken_, from_head);
        taken_ += from_head;
        STANCH_TRY(const std::size_t more, rest_->read(buffer.subspan(from_head)));
        return from_head + more;
    }

  private:
    std::string head_;
    std::size_t taken_ = 0;
    std::unique_ptr<ZlibStream> rest_;
};

} // namespace

std::unique_ptr<ObjectStream> stream_packed(const os::RandomFile& file, std::uint64_t begin,
                                            std::uint64_t end, std::uint64_t size) {
    auto stream = std::make_unique<ZlibStream>(file, begin, end);
    stream->expect(size);
    return stream;
}

Result<LooseStream> stream_loose(const os::RandomFile& file) {
    auto zlib = std::make_unique<ZlibStream>(file, 0, file.size());
    std::array<char, loose_header_limit> head{};
    STANCH_TRY(const std::size_t got, zlib->read(head));
    const std::string_view bytes(head.data(), got);
    const auto header = parse_loose_header(bytes);
    if (!header || got - header->length > header->size)
        return fail(ErrorKind::incomplete, "a damaged loose object: its header", file.path(),
                    "run 'git fsck'");
    zlib->expect(header->size - (got - header->length));
    LooseStream loose{header->type, header->size, nullptr};
    loose.stream =
        std::make_unique<WithHead>(std::string(bytes.substr(header->length)), std::move(zlib));
    return loose;
}

namespace {

Result<std::unique_ptr<OpenObject>> open_packed(const ObjectStore& store, const Pack& pack,
                                                std::uint64_t offset) {
    auto open = std::make_unique<OpenObject>();
    STANCH_TRY(open->file, open_pack(pack, store.format()));
    std::array<char, entry_header_limit> head{};
    STANCH_TRY(const std::size_t got, open->file.read_at(offset, head));
    const auto header = parse_entry_header({head.data(), got}, offset, store.format());
    if (!header || header->is_delta())
        return fail(ErrorKind::incomplete, "an object too large to be read", pack.path);
    open->type = header->type;
    open->size = header->size;
    open->stream =
        stream_packed(open->file, offset + header->length, open->file.size(), header->size);
    return open;
}

} // namespace

Result<std::unique_ptr<OpenObject>> open_object(const ObjectStore& store, const ObjectId& id) {
    for (const Pack& pack : store.packs())
        if (const auto position = pack.index.find(id.raw()))
            return open_packed(store, pack, pack.index.offset(*position));
    for (std::uint32_t i = 0; i < store.directories(); ++i) {
        const std::string path = store.loose_path(i, id);
        if (!os::exists(path)) continue;
        auto open = std::make_unique<OpenObject>();
        STANCH_TRY(open->file, os::RandomFile::open(path));
        STANCH_TRY(LooseStream loose, stream_loose(open->file));
        open->type = loose.type;
        open->size = loose.size;
        open->stream = std::move(loose.stream);
        return open;
    }
    return fail(ErrorKind::not_found, "a missing object", id.hex());
}

} // namespace stanch::git
