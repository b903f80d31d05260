#include "os/library.h"

#include <dlfcn.h>

namespace stanch::os {

Result<SharedLibrary> SharedLibrary::open(const std::string& soname, const std::string& hint) {
    void* handle = dlopen(soname.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr)
        return fail(ErrorKind::unavailable, "cannot load a library that this needs", soname, hint);
    return SharedLibrary(handle);
}

void* SharedLibrary::symbol(const char* name) const {
    return dlsym(handle_, name);
}

} // namespace stanch::os
