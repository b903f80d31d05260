#include "scan/slack/zip.h"

#include "scan/container/libarchive.h"

#include <algorithm>

namespace stanch::scan {
namespace {

constexpr std::size_t block = 1 << 16;

// The whole file as libarchive's input.
struct Memory {
    std::string_view bytes;
    std::size_t at = 0;
};

la_ssize_t read_memory(archive* /*reader*/, void* input, const void** out) {
    auto& memory = *static_cast<Memory*>(input);
    const std::size_t size = std::min(block, memory.bytes.size() - memory.at);
    *out = memory.bytes.data() + memory.at;
    memory.at += size;
    return static_cast<la_ssize_t>(size);
}

la_int64_t seek_memory(archive* /*reader*/, void* input, la_int64_t offset, int whence) {
    auto& memory = *static_cast<Memory*>(input);
    const auto size = static_cast<la_int64_t>(memory.bytes.size());
    la_int64_t to = offset;
    if (whence == SEEK_CUR) to += static_cast<la_int64_t>(memory.at);
    if (whence == SEEK_END) to += size;
    memory.at = static_cast<std::size_t>(std::clamp<la_int64_t>(to, 0, size));
    return static_cast<la_int64_t>(memory.at);
}

} // namespace

struct ZipReader::State {
    State(const LibArchive& loaded, os::MappedFile mapped, std::string name)
        : lib(loaded), file(std::move(mapped)), path(std::move(name)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (reader != nullptr) lib.archive_read_free(reader);
    }

    Result<void> start() {
        if (reader != nullptr) lib.archive_read_free(reader);
        memory = {file.bytes(), 0};
        reader = lib.archive_read_new();
        lib.archive_read_support_format_zip(reader);
        lib.archive_read_set_read_callback(reader, read_memory);
        lib.archive_read_set_seek_callback(reader, seek_memory);
        lib.archive_read_set_callback_data(reader, &memory);
        if (lib.archive_read_open1(reader) < ARCHIVE_WARN) return broken();
        return {};
    }

    [[nodiscard]] std::unexpected<Error> broken() const {
        const char* text = lib.archive_error_string(reader);
        return fail(ErrorKind::incomplete,
                    std::string("not a whole .zip archive: ") +
                        (text == nullptr ? "not readable" : text),
                    path, "download the export again");
    }

    const LibArchive& lib;
    os::MappedFile file;
    std::string path;
    Memory memory;
    archive* reader = nullptr;
};

ZipReader::ZipReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader& ZipReader::operator=(ZipReader&&) noexcept = default;
ZipReader::~ZipReader() = default;

Result<ZipReader> ZipReader::open(const std::string& path) {
    const auto& lib = LibArchive::get();
    if (!lib) return std::unexpected(lib.error());
    STANCH_TRY(os::MappedFile file, os::MappedFile::open(path));
    if (!file.bytes().starts_with("PK"))
        return fail(ErrorKind::invalid, "this is no .zip archive", path,
                    "give the export as Slack made it");
    ZipReader reader(std::make_unique<State>(*lib, std::move(file), path));
    STANCH_CHECK(reader.rewind());
    return reader;
}

Result<void> ZipReader::rewind() {
    return state_->start();
}

Result<std::optional<ZipReader::Member>> ZipReader::next(std::uint64_t limit) {
    State& s = *state_;
    archive_entry* entry = nullptr;
    do {
        const int code = s.lib.archive_read_next_header(s.reader, &entry);
        if (code == ARCHIVE_EOF) return std::nullopt;
        if (code < ARCHIVE_WARN) return s.broken();
    } while (s.lib.archive_entry_filetype(entry) != AE_IFREG);
    const char* utf8 = s.lib.archive_entry_pathname_utf8(entry);
    const char* raw = s.lib.archive_entry_pathname(entry);
    Member member{utf8 != nullptr ? utf8 : raw != nullptr ? raw : "?", {}};
    for (;;) {
        const std::size_t before = member.content.size();
        member.content.resize(before + block);
        const la_ssize_t n =
            s.lib.archive_read_data(s.reader, member.content.data() + before, block);
        if (n < 0) return s.broken();
        member.content.resize(before + static_cast<std::size_t>(n));
        if (n == 0) return member;
        if (member.content.size() > limit)
            return fail(ErrorKind::incomplete, "a member unpacks to more than the limit",
                        s.path + "!" + member.name,
                        "raise archive_bytes in [scan] if it is no bomb");
    }
}

} // namespace stanch::scan
