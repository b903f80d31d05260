// Shared libraries that are loaded on first use.
//
// libcurl, libarchive and libgit2 bring some thirty libraries each: linked in the ordinary way,
// they would cost every run of stanch, the hook included, more than its whole budget. A room that
// needs one keeps a table of the functions it calls, typed by the library's own header:
//
//     auto library = os::SharedLibrary::open("libcurl.so.4", "install libcurl4");
//     auto* init = library->function<decltype(curl_easy_init)>("curl_easy_init");
#pragma once

#include "core/result.h"

#include <string>

namespace stanch::os {

class SharedLibrary {
  public:
    // Stays loaded until the process ends. `hint` says what to install where it is missing.
    static Result<SharedLibrary> open(const std::string& soname, const std::string& hint);

    // nullptr where the library has no such function.
    template <class Function>
    [[nodiscard]] Function* function(const char* name) const {
        return reinterpret_cast<Function*>(symbol(name));
    }

  private:
    explicit SharedLibrary(void* handle) : handle_(handle) {}
    [[nodiscard]] void* symbol(const char* name) const;
    void* handle_;
};

} // namespace stanch::os
