#include "os/archive_names.h"

#include "os/library.h"

#include <archive.h>
#include <archive_entry.h>
#include <memory>

namespace stanch::os {
namespace {

constexpr std::size_t most_entries = 1'000'000;

struct Functions {
    decltype(archive_read_new)* create = nullptr;
    decltype(archive_read_free)* destroy = nullptr;
    decltype(archive_read_support_filter_all)* filters = nullptr;
    decltype(archive_read_support_format_all)* formats = nullptr;
    decltype(archive_read_open_filename)* open = nullptr;
    decltype(archive_read_next_header)* next = nullptr;
    decltype(archive_entry_pathname)* name = nullptr;
};

Result<Functions> load() {
    STANCH_TRY(const SharedLibrary library,
               SharedLibrary::open("libarchive.so.13", "install libarchive13"));
    Functions functions;
    functions.create = library.function<decltype(archive_read_new)>("archive_read_new");
    functions.destroy = library.function<decltype(archive_read_free)>("archive_read_free");
    functions.filters = library.function<decltype(archive_read_support_filter_all)>(
        "archive_read_support_filter_all");
    functions.formats = library.function<decltype(archive_read_support_format_all)>(
        "archive_read_support_format_all");
    functions.open =
        library.function<decltype(archive_read_open_filename)>("archive_read_open_filename");
    functions.next =
        library.function<decltype(archive_read_next_header)>("archive_read_next_header");
    functions.name = library.function<decltype(archive_entry_pathname)>("archive_entry_pathname");
    if (functions.create == nullptr || functions.destroy == nullptr ||
        functions.filters == nullptr || functions.formats == nullptr || functions.open == nullptr ||
        functions.next == nullptr || functions.name == nullptr)
        return fail(ErrorKind::unavailable, "this libarchive lacks a function", "libarchive.so.13");
    return functions;
}

} // namespace

Result<std::vector<std::string>> archive_names(const std::string& path) {
    STANCH_TRY(const Functions functions, load());
    const std::unique_ptr<struct archive, decltype(archive_read_free)*> reader(functions.create(),
                                                                               functions.destroy);
    functions.filters(reader.get());
    functions.formats(reader.get());
    constexpr std::size_t block_size = 65536;
    if (functions.open(reader.get(), path.c_str(), block_size) != ARCHIVE_OK)
        return fail(ErrorKind::incomplete, "not an archive that can be read", path);
    std::vector<std::string> names;
    struct archive_entry* entry = nullptr;
    int status = ARCHIVE_OK;
    while ((status = functions.next(reader.get(), &entry)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN) {
        if (names.size() == most_entries)
            return fail(ErrorKind::incomplete, "more than a million entries", path);
        if (const char* name = functions.name(entry); name != nullptr) names.emplace_back(name);
    }
    if (status != ARCHIVE_EOF)
        return fail(ErrorKind::incomplete, "the archive can't be read to its end", path);
    return names;
}

} // namespace stanch::os
