// Private to the room: the functions of libarchive that are called, from a library loaded on first
// use.
#pragma once

#include "core/result.h"

#include <archive.h>
#include <archive_entry.h>
#include <memory>

namespace stanch::scan {

struct LibArchive {
    // The one of this process, or why there is none.
    static const Result<LibArchive>& get();

#define STANCH_ARCHIVE_FUNCTIONS(X)                                                                \
    X(archive_read_new)                                                                            \
    X(archive_read_free)                                                                           \
    X(archive_read_support_filter_gzip)                                                            \
    X(archive_read_support_filter_bzip2)                                                           \
    X(archive_read_support_filter_xz)                                                              \
    X(archive_read_support_filter_lzma)                                                            \
    X(archive_read_support_filter_zstd)                                                            \
    X(archive_read_support_filter_lz4)                                                             \
    X(archive_read_support_filter_compress)                                                        \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_support_format_zip)                                                             \
    X(archive_read_support_format_7zip)                                                            \
    X(archive_read_support_format_ar)                                                              \
    X(archive_read_support_format_cpio)                                                            \
    X(archive_read_support_format_raw)                                                             \
    X(archive_read_set_read_callback)                                                              \
    X(archive_read_set_seek_callback)                                                              \
    X(archive_read_set_callback_data)                                                              \
    X(archive_read_open1)                                                                          \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data)                                                                           \
    X(archive_format)                                                                              \
    X(archive_filter_code)                                                                         \
    X(archive_error_string)                                                                        \
    X(archive_set_error)                                                                           \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_pathname_utf8)                                                                 \
    X(archive_entry_filetype)                                                                      \
    X(archive_entry_symlink)                                                                       \
    X(archive_entry_hardlink)                                                                      \
    X(archive_entry_is_data_encrypted)
// NOLINTNEXTLINE(bugprone-macro-parentheses): it names what it declares
#define STANCH_DECLARE(name) decltype(::name)* name = nullptr;
    STANCH_ARCHIVE_FUNCTIONS(STANCH_DECLARE)
#undef STANCH_DECLARE
};

} // namespace stanch::scan
