#include "scan/container/archive.h"
#include "scan/streams.h"

#include "scan/container/libarchive.h"

#include <algorithm>
#include <clocale>
#include <cstdio>

namespace stanch::scan {
namespace {

constexpr std::size_t block = std::size_t{128} << 10;
// A nested archive that can't be read front to back (7z) is held in memory up to this size.
constexpr std::size_t most_held = std::size_t{64} << 20;

// Where libarchive gets its bytes from: memory, then a stream; or a stream that can be read
// anywhere.
class Input {
  public:
    Input(std::string_view memory, ByteStream* rest) : memory_(memory), rest_(rest) {
        if (rest != nullptr)
            size_ = rest->size();
        else
            size_ = memory.size();
    }

    [[nodiscard]] bool seekable() const { return size_.has_value(); }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

    la_ssize_t read(const void** bytes) {
        if (rest_ != nullptr && size_) return taken(bytes, rest_->read_at(at_, space()));
        if (at_ >= memory_.size()) return rest_ == nullptr ? 0 : taken(bytes, rest_->read(space()));
        const std::string_view part = memory_.substr(at_, block);
        at_ += part.size();
        *bytes = part.data();
        return static_cast<la_ssize_t>(part.size());
    }

    la_int64_t seek(la_int64_t offset, int whence) {
        const auto size = static_cast<la_int64_t>(size_.value_or(0));
        la_int64_t to = offset;
        if (whence == SEEK_CUR) to += static_cast<la_int64_t>(at_);
        if (whence == SEEK_END) to += size;
        if (to < 0 || to > size) return ARCHIVE_FATAL;
        at_ = static_cast<std::uint64_t>(to);
        return to;
    }

  private:
    std::span<char> space() {
        space_.resize(block);
        return space_;
    }
    la_ssize_t taken(const void** bytes, const Result<std::size_t>& read) {
        if (!read) {
            error_ = read.error();
            return -1;
        }
        *bytes = space_.data();
        at_ += *read;
        return static_cast<la_ssize_t>(*read);
    }

    std::string_view memory_;
    ByteStream* rest_;
    std::optional<std::uint64_t> size_; // where it can be read anywhere
    std::uint64_t at_ = 0;
    std::vector<char> space_;
    std::optional<Error> error_;
};

la_ssize_t read_input(archive* /*reader*/, void* input, const void** bytes) {
    return static_cast<Input*>(input)->read(bytes);
}

la_int64_t seek_input(archive* /*reader*/, void* input, la_int64_t offset, int whence) {
    return static_cast<Input*>(input)->seek(offset, whence);
}

// libarchive converts names to the locale's encoding, and loses them in the plain C locale.
class Utf8Names {
  public:
    Utf8Names() : before_(utf8() == nullptr ? nullptr : uselocale(utf8())) {}
    Utf8Names(const Utf8Names&) = delete;
    Utf8Names& operator=(const Utf8Names&) = delete;
    ~Utf8Names() {
        if (before_ != nullptr) uselocale(before_);
    }

  private:
    static locale_t utf8() {
        static const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return made;
    }
    locale_t before_;
};

class Reader {
  public:
    Reader(const LibArchive& lib, Input& input) : lib_(lib), reader_(lib.archive_read_new()) {
        for (auto* filter :
             {lib.archive_read_support_filter_gzip, lib.archive_read_support_filter_bzip2,
              lib.archive_read_support_filter_xz, lib.archive_read_support_filter_lzma,
              lib.archive_read_support_filter_zstd, lib.archive_read_support_filter_lz4,
              lib.archive_read_support_filter_compress})
            filter(reader_);
        for (auto* format :
             {lib.archive_read_support_format_tar, lib.archive_read_support_format_zip,
              lib.archive_read_support_format_7zip, lib.archive_read_support_format_ar,
              lib.archive_read_support_format_cpio, lib.archive_read_support_format_raw})
            format(reader_);
        lib.archive_read_set_read_callback(reader_, read_input);
        if (input.seekable()) lib.archive_read_set_seek_callback(reader_, seek_input);
        lib.archive_read_set_callback_data(reader_, &input);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { lib_.archive_read_free(reader_); }

    bool open() { return lib_.archive_read_open1(reader_) >= ARCHIVE_WARN; }
    // ARCHIVE_OK, ARCHIVE_EOF, or what went wrong; a warning is none.
    int next() {
        int code = ARCHIVE_RETRY;
        for (int tries = 0; code == ARCHIVE_RETRY && tries < 3; ++tries)
            code = lib_.archive_read_next_header(reader_, &entry_);
        return code == ARCHIVE_WARN ? ARCHIVE_OK : code;
    }

    [[nodiscard]] std::string name() const {
        if (const char* utf8 = lib_.archive_entry_pathname_utf8(entry_)) return utf8;
        const char* raw = lib_.archive_entry_pathname(entry_);
        return raw == nullptr ? "?" : raw;
    }
    [[nodiscard]] bool is_file() const {
        return lib_.archive_entry_filetype(entry_) == AE_IFREG &&
               lib_.archive_entry_hardlink(entry_) == nullptr;
    }
    [[nodiscard]] std::string link_target() const {
        const char* target = lib_.archive_entry_symlink(entry_);
        return target == nullptr ? "" : target;
    }
    [[nodiscard]] bool encrypted() const {
        return lib_.archive_entry_is_data_encrypted(entry_) == 1;
    }
    // A single packed file, without an archive's structure.
    [[nodiscard]] bool is_raw() const {
        return (lib_.archive_format(reader_) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_RAW;
    }
    [[nodiscard]] bool is_packed() const {
        return lib_.archive_filter_code(reader_, 0) != ARCHIVE_FILTER_NONE;
    }
    [[nodiscard]] std::string error() const {
        const char* text = lib_.archive_error_string(reader_);
        return text == nullptr ? "not readable" : text;
    }
    la_ssize_t data(std::span<char> buffer) {
        return lib_.archive_read_data(reader_, buffer.data(), buffer.size());
    }

  private:
    const LibArchive& lib_;
    archive* reader_;
    archive_entry* entry_ = nullptr;
};

Error over_limit(const std::string& path) {
    return {ErrorKind::incomplete,
            "unpacks to more than the limit; the rest of it was not looked at", path,
            "raise archive_bytes in [scan] if it is no bomb"};
}

// The present member's bytes, within the budget.
class MemberStream : public ByteStream {
  public:
    MemberStream(Reader& reader, Budget& budget, const std::string& path)
        : reader_(reader), budget_(budget), path_(path) {}

    Result<std::size_t> read(std::span<char> buffer) override {
        std::size_t filled = 0;
        while (filled < buffer.size()) {
            const la_ssize_t n = reader_.data(buffer.subspan(filled));
            if (n == ARCHIVE_RETRY) continue;
            if (n < 0)
                broken_ =
                    Error{ErrorKind::incomplete, "broken archive: " + reader_.error(), path_, {}};
            if (n <= 0) break;
            filled += static_cast<std::size_t>(n);
            if (static_cast<std::uint64_t>(n) > budget_.bytes) {
                budget_.bytes = 0;
                return std::unexpected(over_limit(path_));
            }
            budget_.bytes -= static_cast<std::uint64_t>(n);
        }
        return filled;
    }

    // Why the end came too early. What was there before it has been handed out.
    [[nodiscard]] const std::optional<Error>& broken() const { return broken_; }

  private:
    Reader& reader_;
    Budget& budget_;
    const std::string& path_;
    std::optional<Error> broken_;
};

// "log.txt" for "dir/log.txt.gz".
std::string unpacked_name(const std::string& path) {
    std::string name = path.substr(path.find_last_of("/!") + 1);
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
}

class Visit {
  public:
    Visit(Worker::State& worker, const Place& place, Reader& reader, Outcome& outcome)
        : worker_(worker), place_(place), reader_(reader), outcome_(outcome) {}

    void all() {
        int code = ARCHIVE_OK;
        while (!over_ && (code = reader_.next()) == ARCHIVE_OK)
            one();
        if (!over_ && code != ARCHIVE_EOF)
            outcome_.miss(place_.shown, "broken archive: " + reader_.error());
    }

  private:
    void one() {
        if (worker_.budget.members == 0) return stop();
        --worker_.budget.members;
        // Bytes that only looked packed.
        const bool unpacked = reader_.is_raw() && !reader_.is_packed();
        const Place inner = unpacked ? place_
                                     : place_.inside(reader_.is_raw() ? unpacked_name(place_.path)
                                                                      : reader_.name());
        if (const std::string target = reader_.link_target(); !target.empty())
            return worker_.plain(inner, target, outcome_);
        if (!reader_.is_file()) return;
        if (reader_.encrypted())
            return outcome_.miss(inner.shown, "encrypted",
                                 "unpack it with its password and scan the result");
        MemberStream stream(reader_, worker_.budget, inner.shown);
        if (unpacked)
            worker_.raw_member(inner, stream, outcome_);
        else
            worker_.member(inner, stream, outcome_);
        if (stream.broken()) outcome_.miss(*stream.broken());
        over_ = worker_.budget.bytes == 0;
    }

    void stop() {
        over_ = true;
        outcome_.miss(place_.shown,
                      "has more members than the limit; the rest of it was not looked at",
                      "raise archive_members in [scan] if it is no bomb");
    }

    Worker::State& worker_;
    const Place& place_;
    Reader& reader_;
    Outcome& outcome_;
    bool over_ = false;
};

bool needs_seeking(std::string_view head) {
    return head.starts_with("7z\xbc\xaf\x27\x1c");
}

} // namespace

void look_at_archive(Worker::State& worker, const Place& place, std::string_view content,
                     ByteStream* rest, Outcome& outcome) {
    if (worker.level >= worker.options.limits.depth)
        return outcome.miss(place.shown,
                            "an archive more than " + std::to_string(worker.options.limits.depth) +
                                " levels deep",
                            "raise archive_depth in [scan]");
    const auto& lib = LibArchive::get();
    if (!lib)
        return outcome.miss(place.shown, "an archive, and " + lib.error().what, lib.error().hint);
    std::string held;
    if (rest != nullptr && !rest->size() && needs_seeking(content)) {
        auto all =
            hold(content, *rest, most_held,
                 {ErrorKind::incomplete, "too large for an archive of its kind inside another one",
                  place.shown, "unpack the outer archive and scan the result"});
        if (!all) return outcome.miss(all.error());
        held = std::move(*all);
        return look_at_archive(worker, place, held, nullptr, outcome);
    }
    const Utf8Names names;
    Input input(content, rest);
    Reader reader(*lib, input);
    if (!reader.open()) {
        outcome.miss(place.shown, "broken archive: " + reader.error());
        return worker.plain(place, content, outcome);
    }
    Visit(worker, place, reader, outcome).all();
    if (input.error()) outcome.miss(*input.error());
}

} // namespace stanch::scan
