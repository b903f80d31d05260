#include "git/embedded.h"
#include "scan/worker.h"

#include <algorithm>
#include <array>

namespace stanch::scan {
namespace {

using namespace std::string_view_literals;

// Zip, gzip, bzip2, xz, lzma (by its usual properties), zstd, 7z, ar, lz4.
constexpr std::array archive_magics{
    "PK\x03\x04"sv,       "PK\x05\x06"sv,
    "\x1f\x8b\x08"sv,     "BZh"sv,
    "\xfd\x37zXZ\x00"sv,  "\x5d\x00\x00\x80\x00\xff"sv,
    "\x28\xb5\x2f\xfd"sv, "7z\xbc\xaf\x27\x1c"sv,
    "!<arch>\n"sv,        "\x04\x22\x4d\x18"sv,
};
// Zip files behind a #! line, and tar files older than their magic.
constexpr std::array archive_names{".pyz"sv, ".pex"sv, ".tar"sv};

// The sum of a tar header's bytes, its own eight taken for spaces, stands in it as octal digits:
// that is all that tells a tar older than its magic, where no name does (a blob in a history).
bool is_old_tar(std::string_view head) {
    if (head.size() < 512 || head[0] == '\0' || head[257] != '\0') return false;
    unsigned sum = 8 * ' ';
    for (std::size_t i = 0; i < 512; ++i)
        if (i < 148 || i >= 156) sum += static_cast<unsigned char>(head[i]);
    std::size_t at = 148;
    while (at < 156 && head[at] == ' ')
        ++at;
    unsigned told = 0;
    const std::size_t first = at;
    for (; at < 156 && head[at] >= '0' && head[at] <= '7'; ++at)
        told = told * 8 + static_cast<unsigned>(head[at] - '0');
    return at > first && told == sum;
}

// A zip file that runs: behind its #! line, it ends with a central directory's end.
bool is_zip_application(std::string_view content) {
    constexpr std::size_t longest_end = 22 + 65535;
    if (!content.starts_with("#!") || content.size() < 64) return false;
    const std::string_view tail =
        content.substr(content.size() - std::min(content.size(), longest_end));
    // Scripts mostly are no zips: a byte that texts never have is looked for first.
    return tail.contains('\x05') && tail.contains("PK\x05\x06"sv);
}

bool is_archive(std::string_view head, std::string_view path) {
    if (head.size() > 262 && head.substr(257, 5) == "ustar") return true;
    if (is_old_tar(head) || is_zip_application(head)) return true;
    const auto begins = [&](std::string_view magic) { return head.starts_with(magic); };
    if (std::ranges::any_of(archive_magics, begins)) return true;
    const auto ends = [&](std::string_view name) { return path.ends_with(name); };
    return head.size() > 22 && std::ranges::any_of(archive_names, ends);
}

// UTF-32 without a byte order mark: nothing but ASCII, as binary tables of numbers are not.
bool is_utf32(std::string_view head, std::size_t full) {
    for (std::size_t i = 0; i < head.size(); ++i) {
        const char c = head[i];
        const bool text = (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
        if (i % 4 == full ? !text : c != '\0') return false;
    }
    return true;
}

// UTF-16 without a byte order mark: mostly ASCII text, so nearly every other byte is NUL and its
// neighbours are not.
Shape without_mark(std::string_view head) {
    const std::size_t pairs = std::min<std::size_t>(head.size(), 1024) / 2;
    if (pairs < 8) return Shape::plain;
    std::array<std::size_t, 2> nuls{};
    for (std::size_t i = 0; i < 2 * pairs; ++i)
        nuls[i % 2] += head[i] == '\0' ? 1 : 0;
    const auto is_text = [&](std::size_t empty, std::size_t full) {
        return nuls[empty] * 10 >= pairs * 7 && nuls[full] * 20 <= pairs;
    };
    if (is_text(1, 0)) return Shape::utf16_le;
    if (is_utf32(head.substr(0, 2 * pairs), 0)) return Shape::utf32_le;
    if (is_utf32(head.substr(0, 2 * pairs), 3)) return Shape::utf32_be;
    return is_text(0, 1) ? Shape::utf16_be : Shape::plain;
}

} // namespace

Shape shape_of(std::string_view head, std::string_view path) {
    if (head.empty()) return Shape::plain;
    if (head.starts_with("\xEF\xBB\xBF"))
        return path.ends_with(".ipynb") ? Shape::notebook : Shape::utf8_bom;
    // UTF-32's mark begins with UTF-16's.
    if (head.starts_with("\xFF\xFE\0\0"sv)) return Shape::utf32_le;
    if (head.starts_with("\0\0\xFE\xFF"sv)) return Shape::utf32_be;
    if (head.starts_with("\xFF\xFE")) return Shape::utf16_le;
    if (head.starts_with("\xFE\xFF")) return Shape::utf16_be;
    if (path.ends_with(".ipynb")) return Shape::notebook;
    if (head.starts_with("SQLite format 3\0"sv)) return Shape::sqlite;
    if (is_archive(head, path)) return Shape::archive;
    if (git::embedded_kind(head) != git::Embedded::none) return Shape::git;
    return head.size() >= 2 && (head[0] == '\0' || head[1] == '\0') ? without_mark(head)
                                                                    : Shape::plain;
}

} // namespace stanch::scan
