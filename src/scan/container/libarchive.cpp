#include "scan/container/libarchive.h"

#include "os/library.h"

namespace stanch::scan {
namespace {

Result<LibArchive> load() {
    STANCH_TRY(
        const os::SharedLibrary library,
        os::SharedLibrary::open("libarchive.so.13", "install libarchive13 to look into archives"));
    LibArchive functions;
    bool complete = true;
#define STANCH_LOAD(name)                                                                          \
    functions.name = library.function<decltype(::name)>(#name);                                    \
    complete = complete && functions.name != nullptr;
    STANCH_ARCHIVE_FUNCTIONS(STANCH_LOAD)
#undef STANCH_LOAD
    if (!complete)
        return fail(ErrorKind::unavailable, "this libarchive is too old", "libarchive.so.13");
    return functions;
}

} // namespace

const Result<LibArchive>& LibArchive::get() {
    static const Result<LibArchive> loaded = load();
    return loaded;
}

} // namespace stanch::scan
